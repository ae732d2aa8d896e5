//! YAML as Go programs read and write it, with a span on every node.
