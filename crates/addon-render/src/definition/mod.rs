//! X-definitions: a CUE file as the definition object that KubeVela stores, and the schema of its parameters.
