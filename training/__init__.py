"""Learning the model of payment from a history of invoices; never ships, runs where people are."""
