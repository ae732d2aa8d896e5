//! CustomResourceDefinitions, and custom resources by them.
