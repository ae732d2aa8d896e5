//! CUE text to syntax tree and back: scanner, parser, formatter.
