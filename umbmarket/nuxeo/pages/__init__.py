"""What the actions about Nuxeo packages come to, as text."""
