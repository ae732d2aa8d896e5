//! The txtar format: a comment, then files, each after a line `-- NAME --`.

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxtarFile {
    /// Its name, as written.
    pub name: String,
    /// Its content.
    pub data: String,
}

/// A parsed archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// The text before the first file.
    pub comment: String,
    /// The files, in order.
    pub files: Vec<TxtarFile>,
}

impl Archive {
    /// The content of the file called `name`.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.name == name)
            .map(|file| file.data.as_str())
    }
}

fn marker(line: &str) -> Option<&str> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let name = line.strip_prefix("-- ")?.strip_suffix(" --")?.trim();
    (!name.is_empty()).then_some(name)
}

/// Splits an archive. A last file without a final line feed gets one.
pub fn parse_txtar(text: &str) -> Archive {
    let mut archive = Archive::default();
    for line in text.split_inclusive('\n') {
        if let Some(name) = marker(line) {
            archive.files.push(TxtarFile {
                name: name.to_owned(),
                data: String::new(),
            });
            continue;
        }
        let into = archive
            .files
            .last_mut()
            .map_or(&mut archive.comment, |file| &mut file.data);
        into.push_str(line);
        if !line.ends_with('\n') {
            into.push('\n');
        }
    }
    archive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_split_at_markers() {
        let archive = parse_txtar("hello\n-- a.cue --\nx: 1\n-- b/c --\n-- not a marker\ny");
        assert_eq!(archive.comment, "hello\n");
        assert_eq!(archive.file("a.cue"), Some("x: 1\n"));
        assert_eq!(archive.file("b/c"), Some("-- not a marker\ny\n"));
    }
}
