"""What the commands for Nuxeo packages do, without a command line."""
