//! From the Application to the objects of Kubernetes, offline, as `vela dry-run --offline` does it.
