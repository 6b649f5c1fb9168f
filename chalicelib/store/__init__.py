"""PynamoDB rows and stores, files and queues. Takes and gives domain objects; rows never leave."""
