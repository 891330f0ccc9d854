"""What binds the packages into one program: settings, addresses, wiring, middleware, the command line."""
