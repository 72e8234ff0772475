"""Letters: written in the reader's language, handed to the operator's mail server, and their address erased."""
