"""A nuspec and the `.nupkg` around it: what was packed."""
