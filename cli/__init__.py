"""The operator command line: a thin ring around services and intake. Never shipped to Lambda."""
