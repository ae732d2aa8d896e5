//! Kinds that Kubernetes itself serves: their schemas, by release.
