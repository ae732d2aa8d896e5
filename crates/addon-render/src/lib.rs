//! What enabling an addon would apply, without a cluster.
//!
//! The input is an [`Addon`](addon_model::Addon) as it was loaded, the arguments of the user and the state of the world
//! that KubeVela would have looked up (joined clusters, installed dependencies). The output is plain data: the
//! Application, the auxiliary objects in their order, the notes, the Secret of the arguments. Context and arguments
//! enter CUE as values with an origin, so a diagnostic points into the author's own file.
//!
//! - `definition/`: a CUE X-definition as its object, and the OpenAPI schema of its parameters;
//! - `deep/`: components and traits through their definitions to the objects of Kubernetes.

pub mod deep;
pub mod definition;
