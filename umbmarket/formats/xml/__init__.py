"""XML read without entities, DTDs and network, with the place of every element and attribute."""
