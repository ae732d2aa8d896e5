//! What a process knows of a registry, and the unchanging views that readers get of it.
//!
//! Knowledge comes from two sides: a publish of this process adds its entry when it is done, and a refresh
//! reads what other processes have done. A refresh looks at the store for a while, and a publish may
//! end in the middle of it, so every piece of knowledge carries the tick at which it was learnt, and a
//! refresh takes nothing back that is younger than its own beginning.
//!
//! A [`View`] is made when somebody asks for it and something has changed, so a publish costs the same
//! however large the registry is.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::entry::{Entry, EntryState};
use super::version_id::VersionId;
use crate::store::Key;

/// What is known of one entry.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) entry: Arc<Entry>,
    /// Its stamp in the listing that it was read from; empty if it was learnt otherwise.
    pub(super) stamp: String,
    /// Whether its archive is where it belongs.
    pub(super) complete: bool,
    /// When it was learnt.
    pub(super) tick: u64,
}

/// Everything that is known.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) entries: BTreeMap<Key, Known>,
    /// Which entry an archive name belongs to, in lower case; also those of publishes under way.
    pub(super) files: FxHashMap<String, Key>,
    pub(super) tick: u64,
    pub(super) generation: u64,
    view: Option<Arc<View>>,
}

impl State {
    /// Adds what a publish or a deletion of this process has done.
    pub(super) fn learn(&mut self, entry: Arc<Entry>, complete: bool, stamp: String) {
        self.tick += 1;
        let key = entry.id().entry_key().clone();
        self.files.insert(file_claim(entry.id()), key.clone());
        let known = Known {
            entry,
            stamp,
            complete,
            tick: self.tick,
        };
        let visible = |known: &Known| {
            (known.complete && known.entry.state() == EntryState::Active)
                .then(|| Arc::clone(&known.entry))
        };
        let now = visible(&known);
        let before = self.entries.insert(key, known).as_ref().and_then(visible);
        if now != before {
            self.changed();
        }
    }

    /// Forgets an entry that is no longer in the store.
    pub(super) fn forget(&mut self, key: &Key) {
        if let Some(known) = self.entries.remove(key) {
            self.files.remove(&file_claim(known.entry.id()));
            self.changed();
        }
    }

    fn changed(&mut self) {
        self.generation += 1;
        self.view = None;
    }

    /// The view of this moment.
    pub(super) fn view(&mut self) -> Arc<View> {
        if let Some(view) = &self.view {
            return Arc::clone(view);
        }
        let view = Arc::new(View::new(self));
        self.view = Some(Arc::clone(&view));
        view
    }
}

/// What two archives must not share.
pub(super) fn file_claim(id: &VersionId) -> String {
    id.archive_key().as_str().to_ascii_lowercase()
}

/// All published versions at one moment.
#[derive(Debug)]
pub struct View {
    generation: u64,
    entries: Vec<Arc<Entry>>,
    files: FxHashMap<String, usize>,
}

impl View {
    fn new(state: &State) -> Self {
        let mut entries: Vec<_> = state
            .entries
            .values()
            .filter(|known| known.complete && known.entry.state() == EntryState::Active)
            .map(|known| Arc::clone(&known.entry))
            .collect();
        entries.sort_by(|a, b| {
            a.name()
                .cmp(b.name())
                .then_with(|| b.id().parsed().precedence(a.id().parsed()))
                .then_with(|| b.version().cmp(a.version()))
        });
        let files = entries
            .iter()
            .enumerate()
            .map(|(place, entry)| (entry.file_name().to_owned(), place))
            .collect();
        Self {
            generation: state.generation,
            entries,
            files,
        }
    }

    /// Grows with every change that a reader can see; within one process only.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// All versions, by name, the highest version first.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// The versions of an addon, the highest first; empty if there is none.
    pub fn addon(&self, name: &str) -> &[Arc<Entry>] {
        let start = self.entries.partition_point(|entry| entry.name() < name);
        let rest = self.entries.get(start..).unwrap_or_default();
        let length = rest.partition_point(|entry| entry.name() == name);
        rest.get(..length).unwrap_or_default()
    }

    /// The version with this text, a leading `v` on either side ignored.
    pub fn version(&self, name: &str, version: &str) -> Option<&Arc<Entry>> {
        let bare = |text: &str| text.strip_prefix('v').unwrap_or(text).to_owned();
        let wanted = bare(version);
        self.addon(name)
            .iter()
            .find(|entry| bare(entry.version()) == wanted)
    }

    /// The version whose archive has this file name.
    pub fn file(&self, file_name: &str) -> Option<&Arc<Entry>> {
        self.entries.get(*self.files.get(file_name)?)
    }
}
