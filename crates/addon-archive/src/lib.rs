//! An addon as a reproducible chart archive, and archives read safely.
