//! Where a field that is missing was probably meant.
//!
//! A file whose `output` is called `outputt` has no `output`, which is told at the first line of the file, far from the slip.
//! [`field`] looks for a field at the top of the file whose name is nearly the wanted one, and moves the finding there.

use cue_engine::syntax::ast::{Decl, LabelName};
use source_vocab::{Diagnostic, Span, nearest};

/// A finding that a field is missing, moved to the field that was probably meant, if there is one.
pub(crate) fn field(wanted: &str, decls: &[Decl], mut finding: Diagnostic) -> Diagnostic {
    let Some(place) = misspelt(wanted, decls) else {
        return finding;
    };
    finding.primary.place = place.into();
    finding.help(format!("did you mean `{wanted}`?"))
}

/// The label that is nearest to a name.
fn misspelt(wanted: &str, decls: &[Decl]) -> Option<Span> {
    let labels: Vec<(String, Span)> = decls
        .iter()
        .filter_map(|decl| match decl {
            Decl::Field(field) => match field.label.name() {
                LabelName::Ident(name) | LabelName::Quoted(name) => {
                    Some((name, field.label.span()))
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    let near = nearest::nearest(wanted, labels.iter().map(|(name, _)| name.as_str()))?;
    let label = labels.iter().find(|(name, _)| name == near);
    label.map(|(_, span)| *span)
}
