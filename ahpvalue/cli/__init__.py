"""The command line: thin, over the public face of the library (extra ``[cli]``)."""
