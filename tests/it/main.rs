//! The black-box tests of the binary, one module a command.
