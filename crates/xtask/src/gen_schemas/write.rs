//! The tables: fixed rows that refer to each other by number, so that a reader starts without reading.
//!
//! Texts and definitions are sorted, hence a number compares as its text does.

use super::merge::{Kind, Merged, Row};
use super::source::{Gvk, Type};
use anyhow::Context as _;
use std::collections::{BTreeMap, BTreeSet};

/// The first bytes of the file; the last one counts changes of the layout.
const MAGIC: [u8; 4] = *b"k8s\x01";
/// No number.
const NONE: u16 = u16::MAX;
/// Tags of types that refer to a type or a definition.
const LIST: u8 = 11;
const MAP: u8 = 12;
const STRUCT: u8 = 13;

/// # Errors
/// When there are more rows than a number can count.
pub(super) fn tables(merged: &Merged) -> anyhow::Result<Vec<u8>> {
    let texts = Texts::of(merged)?;
    let definitions: BTreeMap<&str, u16> = merged
        .definitions
        .keys()
        .enumerate()
        .map(|(at, name)| Ok((name.as_str(), u16::try_from(at)?)))
        .collect::<anyhow::Result<_>>()?;
    let mut types = Types {
        rows: Vec::new(),
        definitions: &definitions,
    };
    let mut properties = Vec::new();
    let mut definition_rows = Vec::new();
    for (name, rows) in &merged.definitions {
        definition_rows.extend(texts.number(short(name))?.to_le_bytes());
        definition_rows.extend(u16::try_from(rows.len())?.to_le_bytes());
        definition_rows.extend(u32::try_from(properties.len() / 6)?.to_le_bytes());
        for Row {
            name,
            of,
            releases,
            required,
        } in rows
        {
            properties.extend(texts.number(name)?.to_le_bytes());
            properties.extend(types.number(of)?.to_le_bytes());
            properties.extend([*releases, *required]);
        }
    }
    let numbers: BTreeMap<&Gvk, u16> = merged
        .kinds
        .keys()
        .enumerate()
        .map(|(at, gvk)| Ok((gvk, u16::try_from(at)?)))
        .collect::<anyhow::Result<_>>()?;
    let mut kinds = Vec::new();
    for (gvk, kind) in &merged.kinds {
        kinds.extend(kind_row(gvk, kind, &texts, &definitions, &numbers)?);
    }
    let type_rows: Vec<u8> = types
        .rows
        .iter()
        .flat_map(|(tag, argument)| {
            [
                *tag,
                0,
                argument.to_le_bytes()[0],
                argument.to_le_bytes()[1],
            ]
        })
        .collect();
    let (offsets, bytes) = texts.tables()?;
    let sections = [
        offsets,
        bytes,
        type_rows,
        definition_rows,
        properties,
        kinds,
    ];
    let mut file = MAGIC.to_vec();
    let mut start = MAGIC.len() + 4 * (sections.len() + 1);
    for section in &sections {
        file.extend(u32::try_from(start)?.to_le_bytes());
        start += section.len();
    }
    file.extend(u32::try_from(start)?.to_le_bytes());
    file.extend(sections.concat());
    Ok(file)
}

fn kind_row(
    gvk: &Gvk,
    kind: &Kind,
    texts: &Texts,
    definitions: &BTreeMap<&str, u16>,
    numbers: &BTreeMap<&Gvk, u16>,
) -> anyhow::Result<Vec<u8>> {
    let mut row = Vec::new();
    for text in [&gvk.0, &gvk.1, &gvk.2] {
        row.extend(texts.number(text)?.to_le_bytes());
    }
    let definition = kind
        .definition
        .as_deref()
        .and_then(|name| definitions.get(name));
    row.extend(definition.copied().unwrap_or(NONE).to_le_bytes());
    let replacement = kind
        .life
        .replacement
        .as_ref()
        .and_then(|gvk| numbers.get(gvk));
    row.extend(replacement.copied().unwrap_or(NONE).to_le_bytes());
    row.extend([kind.served, kind.by_default]);
    row.push(u8::from(kind.namespaced) | u8::from(kind.creatable) << 1);
    row.extend([
        kind.life.introduced,
        kind.life.deprecated,
        kind.life.removed,
    ]);
    Ok(row)
}

/// The part of a definition's name that tells it apart.
fn short(name: &str) -> &str {
    let prefixes = [
        "io.k8s.api.",
        "io.k8s.apimachinery.pkg.apis.",
        "io.k8s.apiextensions-apiserver.pkg.apis.",
        "io.k8s.kube-aggregator.pkg.apis.",
    ];
    let found = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
    found.unwrap_or(name)
}

/// Every text once, sorted.
struct Texts(Vec<String>);

impl Texts {
    fn of(merged: &Merged) -> anyhow::Result<Self> {
        let mut texts = BTreeSet::new();
        for (name, rows) in &merged.definitions {
            texts.insert(short(name));
            texts.extend(rows.iter().map(|row| row.name.as_str()));
        }
        for (group, version, kind) in merged.kinds.keys() {
            texts.extend([group.as_str(), version, kind]);
        }
        anyhow::ensure!(texts.len() < usize::from(NONE), "too many texts");
        Ok(Self(texts.into_iter().map(str::to_owned).collect()))
    }

    fn number(&self, text: &str) -> anyhow::Result<u16> {
        let found = self.0.binary_search_by(|known| known.as_str().cmp(text));
        let found = found
            .ok()
            .with_context(|| format!("`{text}` was not collected"))?;
        Ok(u16::try_from(found)?)
    }

    /// The ends of the texts, and the texts.
    fn tables(&self) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
        let mut offsets = 0_u32.to_le_bytes().to_vec();
        let mut bytes = Vec::new();
        for text in &self.0 {
            bytes.extend(text.as_bytes());
            offsets.extend(u32::try_from(bytes.len())?.to_le_bytes());
        }
        Ok((offsets, bytes))
    }
}

/// Every type once, in the order of first use.
struct Types<'m> {
    rows: Vec<(u8, u16)>,
    definitions: &'m BTreeMap<&'m str, u16>,
}

impl Types<'_> {
    fn number(&mut self, of: &Type) -> anyhow::Result<u16> {
        let definition = |name: &str| {
            let number = self.definitions.get(name).copied();
            number.with_context(|| format!("no definition `{name}`"))
        };
        let row = match of {
            Type::Scalar(tag) => (*tag, 0),
            Type::Struct(name) => (STRUCT, definition(name)?),
            Type::Or(tag, name) => (*tag, definition(name)?),
            Type::List(inner) => (LIST, self.number(inner)?),
            Type::Map(inner) => (MAP, self.number(inner)?),
        };
        if let Some(at) = self.rows.iter().position(|known| *known == row) {
            return Ok(u16::try_from(at)?);
        }
        self.rows.push(row);
        Ok(u16::try_from(self.rows.len() - 1)?)
    }
}
