"""Reading what a user has, safely: bounded, never blocking, never out of the tree that was asked for."""
