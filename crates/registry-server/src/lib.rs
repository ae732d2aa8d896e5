//! The addon registry over HTTP: index, archives, uploads, pages.
