//! The CUE standard packages as native builtins.
