//! The addons beside an addon: what it may depend on.
//!
//! They are read once for all addons of a folder that are checked. Their texts are the first in the sources of each check
//! ([`Neighbours::sources`]), so that a span means the same in all of them. What they apply is rendered, with their defaults,
//! when somebody asks for it.

use super::case::{Case, CaseName};
use super::definition::{self, KnownDefinition};
use super::matrix::Sense;
use super::object::{Collection, text_at};
use addon_model::Addon;
use addon_render::{Arguments, Renderer};
use cue_engine::Session;
use goyaml::Tree;
use source_vocab::{SourceMap, VPath, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The most addons that are read because others depend on them.
const MOST: usize = 500;

/// Addons that others may depend on.
#[derive(Debug)]
pub struct Neighbours {
    session: Session,
    known: BTreeMap<String, Neighbour>,
}

/// An addon that others may depend on.
#[derive(Debug)]
pub struct Neighbour {
    /// The addon as it was read.
    pub addon: Addon,
    session: Session,
    definitions: Vec<KnownDefinition>,
    rendered: OnceLock<Case>,
    names: OnceLock<BTreeSet<[String; 2]>>,
}

impl Default for Neighbours {
    fn default() -> Self {
        Self::none()
    }
}

impl Neighbours {
    /// No addons.
    pub fn none() -> Self {
        Self {
            session: Session::new().with_budget(addon_render::BUDGET),
            known: BTreeMap::new(),
        }
    }

    /// Reads the addons of these names, and those that they depend on, from the folders of their names in `root`. A name
    /// without a folder, or whose folder is no addon, is not known afterwards.
    pub fn read(world: &dyn World, root: &VPath, names: impl IntoIterator<Item = String>) -> Self {
        let mut neighbours = Self::none();
        let mut pending: BTreeSet<String> = names.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut loaded = Vec::new();
        while let Some(name) = pending.pop_first() {
            if seen.len() >= MOST || !is_folder_name(&name) || !seen.insert(name.clone()) {
                continue;
            }
            let directory = root.child(&name);
            let Some(addon) = load(world, &directory, neighbours.session.sources_mut()) else {
                continue;
            };
            pending.extend(names_of(&addon).map(str::to_owned));
            let definitions = definition::known(&addon, &mut neighbours.session);
            loaded.push((name, addon, definitions));
        }
        for (name, addon, definitions) in loaded {
            let neighbour = Neighbour {
                addon,
                session: neighbours.session.clone(),
                definitions,
                rendered: OnceLock::new(),
                names: OnceLock::new(),
            };
            neighbours.known.insert(name, neighbour);
        }
        neighbours
    }

    /// The texts of all of them: what the sources of a check begin with.
    pub fn sources(&self) -> &SourceMap {
        self.session.sources()
    }

    /// The addon of a name.
    pub fn find(&self, name: &str) -> Option<&Neighbour> {
        self.known.get(name)
    }

    /// What an addon depends on, the nearer first, and the names that are not known.
    pub(super) fn of<'a>(&'a self, addon: &'a Addon) -> (Vec<&'a Neighbour>, Vec<&'a str>) {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        let mut seen: BTreeSet<&str> = BTreeSet::from([addon.meta().name.as_str()]);
        let mut level: Vec<&str> = names_of(addon).collect();
        while !level.is_empty() {
            let mut next = Vec::new();
            for name in level {
                if !seen.insert(name) {
                    continue;
                }
                match self.known.get(name) {
                    Some(neighbour) => {
                        next.extend(names_of(&neighbour.addon));
                        found.push(neighbour);
                    }
                    None => missing.push(name),
                }
            }
            level = next;
        }
        (found, missing)
    }
}

impl Neighbour {
    /// Its name.
    pub fn name(&self) -> &str {
        self.addon.meta().name.as_str()
    }

    /// The definitions that it brings, as far as they can be read.
    pub fn definitions(&self) -> &[KnownDefinition] {
        &self.definitions
    }

    /// The objects that it applies with its defaults, the Application among them; few or none when it does not render.
    pub fn objects(&self) -> Vec<&Tree> {
        let case = self.rendered.get_or_init(|| {
            let renderer = Renderer::new(&self.addon, &self.session);
            Case::run(CaseName::Defaults, Arguments::default(), &renderer)
        });
        let all = Collection::of(&self.addon, std::slice::from_ref(case), Sense::Meant);
        all.objects.into_iter().map(|object| object.tree).collect()
    }

    /// Whether one of these objects has this kind and name, in whatever namespace.
    pub fn applies(&self, kind: &str, name: &str) -> bool {
        let names = self.names.get_or_init(|| {
            let objects = self.objects().into_iter();
            objects
                .map(|object| {
                    let metadata = object.get("metadata");
                    let name = metadata.map_or("", |metadata| text_at(metadata, "name"));
                    [text_at(object, "kind").to_owned(), name.to_owned()]
                })
                .collect()
        });
        names.contains(&[kind, name].map(str::to_owned))
    }
}

fn load(world: &dyn World, directory: &VPath, sources: &mut SourceMap) -> Option<Addon> {
    let tree = addon_model::scan(world, directory).value?;
    tree.find("metadata.yaml")?;
    addon_model::load(world, &tree, sources).value
}

fn names_of(addon: &Addon) -> impl Iterator<Item = &str> {
    addon.meta().dependencies().map(|one| one.name.as_str())
}

/// Whether a name can be that of a folder.
fn is_folder_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
