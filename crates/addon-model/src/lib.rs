//! A KubeVela addon directory as a typed value with spans.
