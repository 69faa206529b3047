"""Project files as MSBuild evaluates them, and the package that `dotnet pack` would write of them.

Only files inside a root folder are read; nothing asks the machine, the clock or the network. What the files do not
settle is `Unknown`, with the reason.
"""
