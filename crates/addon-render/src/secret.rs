//! The Secret in which KubeVela keeps the arguments for the next upgrade (kubevela 5a44b5f10 `RenderArgsSecret`).

use crate::json;
use crate::parameter::Parameters;
use crate::tree;
use addon_model::Meta;
use goyaml::{Data, Tree};
use source_vocab::Span;

/// The Secret; `None` without arguments, where an enable deletes it.
pub(crate) fn render(meta: &Meta, parameters: &Parameters) -> Option<Tree> {
    let arguments = parameters.arguments();
    if arguments.entries().is_empty() {
        return None;
    }
    let text = json::to_string(&arguments.to_value());
    let encoded = goyaml::base64::encode(text.as_bytes());
    let detached = |text: &str| tree::text(text, Span::DETACHED);
    let name = format!("addon-secret-{}", meta.name.value);
    Some(tree::map([
        ("apiVersion", detached("v1")),
        (
            "data",
            tree::map([("addonParameterDataKey", tree::text(encoded, arguments.span))]),
        ),
        ("kind", detached("Secret")),
        (
            "metadata",
            tree::map([
                ("creationTimestamp", tree::detached(Data::Null)),
                ("name", tree::text(name, meta.name.span)),
                ("namespace", detached(crate::SYSTEM_NAMESPACE)),
            ]),
        ),
        ("type", detached("Opaque")),
    ]))
}
