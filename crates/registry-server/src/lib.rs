//! The addon registry over HTTP: index, archives, uploads, pages.
mod access;
mod connections;
mod form;
mod intake;
mod options;
mod pages;
mod range;
mod refusal;
