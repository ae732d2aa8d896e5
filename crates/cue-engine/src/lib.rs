//! The CUE engine behind one door: sessions, packages, export.
