//! Properties against the `parameter` of a template, by the CUE engine.
//!
//! KubeVela unifies the properties with `parameter`, which is an open struct: a property that the template does not know is
//! taken and lost. So the engine is asked twice in one evaluation. The declarations of `parameter` are written down once more
//! as a definition, which closes them all the way down, and the properties are unified with that:
//!
//! ```text
//! template                          what is evaluated
//! #Port: {port: int}                #Port: {port: int}
//! parameter: ports?: [...#Port]     parameter: ports?: [...#Port]          parameter: PROPERTIES
//! output: …                         #closed: ports?: [...#Port]            given: #closed, given: PROPERTIES
//! ```
//!
//! `given` then has all there is to find: a field that is not allowed is an unknown property, any other error a wrong one, and
//! a field that is still open a missing one. Only what `parameter` refers to is taken along, since the rest of a template is
//! no business of its parameters. An empty struct in `parameter` stands for "anything" there, as its authors mean it.
//!
//! An error that says only that no alternative of a disjunction fits is traced to the property that is to blame: the one
//! whose value, replaced by `_`, or which, left out, makes the others fit ([`Template::blame`]).

mod whole;

use super::fault::{Cursor, Fault, described};
use cue_engine::syntax::ast::{self, Decl, Expr, File, Label, LabelName, Node};
use cue_engine::{
    ArcKind, Bottom, Check, Evaluation, Injected, Package, Reason, Session, Shape, Value,
};
use goyaml::{Data, Step, Tree};
use source_vocab::Place;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The names of what is added to a template.
const CLOSED: &str = "#closed_parameter";
const GIVEN: &str = "given parameter";
const PARAMETER: &str = "parameter";

/// The most properties of a mapping that are tried one by one.
const MOST_SUSPECTS: usize = 40;
/// How deep a fault is traced.
const MOST_STEPS: usize = 8;

/// What a property is replaced by to see whether it is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instead {
    /// `_`, which fits everything.
    Top,
    /// Nothing at all.
    Nothing,
}

/// A step to a property, by name or by index.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Turn {
    Key(String),
    Index(usize),
}

/// The parameters of a template.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    package: Package,
    session: Session,
    /// The template uses `parameter` as a whole, so what it does not name is not lost.
    is_handed_on: bool,
}

impl Template {
    /// Takes the parameters out of a template; none when it declares none, or declares them in a way that only running it
    /// tells. `session` knows the packages that templates import.
    pub(crate) fn of(file: &File, session: &Session) -> Option<Self> {
        let own: Vec<&ast::Field> = file.decls.iter().filter_map(parameter).collect();
        if own.is_empty() || file.decls.iter().any(is_conditional) {
            return None;
        }
        let mut decls = needed(file);
        for field in own {
            let mut closed = field.clone();
            closed.label = Label::Ident(ast::Ident::new(CLOSED));
            closed.constraint = None;
            open_empty(&mut closed.value);
            decls.push(Decl::Field(Box::new(closed)));
        }
        decls.push(Decl::field(Label::regular(GIVEN), Expr::ident(CLOSED)));
        let mut package = Package::default();
        let file_of = |decls| File {
            meta: ast::Meta::default(),
            decls,
        };
        package.extend([file_of(decls)], session);
        Some(Self {
            package,
            session: session.clone(),
            is_handed_on: is_handed_on(file),
        })
    }

    /// What is wrong with properties. Needs a stack of [`cue_engine::Budget::STACK`] bytes.
    pub(crate) fn check(&self, properties: &Tree, at: &Cursor) -> Vec<Fault> {
        let evaluation = self.evaluated(expr(properties, None));
        let Some(given) = given(&evaluation) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (bottom, value) in given.findings(Check::Valid) {
            self.judge(&bottom, value, properties, at, &mut found);
        }
        if found.is_empty() {
            missing(given, Some(properties), at, &mut found);
        } else {
            // a wrong value may leave others open, so only what nobody gave is told
            let mut more = Vec::new();
            missing(given, Some(properties), at, &mut more);
            found.extend(more);
        }
        found
    }

    fn evaluated(&self, properties: Expr) -> Evaluation {
        let context = Injected::field("context", context());
        let injected = [
            Injected::field(PARAMETER, properties.clone()),
            Injected::field(GIVEN, properties),
            context,
        ];
        self.session.evaluate_with(&self.package, &injected)
    }

    fn judge(
        &self,
        bottom: &Bottom,
        value: Value<'_>,
        properties: &Tree,
        at: &Cursor,
        found: &mut Vec<Fault>,
    ) {
        let Some(mut turns) = turns(value) else {
            return;
        };
        if let Reason::NotAllowed { label, .. } = &bottom.reason {
            let name = value.graph().labels().text(*label).into_owned();
            if turns.last() != Some(&Turn::Key(name.clone())) {
                turns.push(Turn::Key(name));
            }
            self.unknown(value, &turns, properties, at, found);
            return;
        }
        let known = |turn: &[Turn]| tree_at(properties, turn).is_some();
        while !known(&turns) {
            turns.pop();
        }
        if matches!(bottom.reason, Reason::NoAlternative) || !is_scalar(properties, &turns) {
            let mut blamed = Vec::new();
            self.blame(properties, &turns, at, MOST_STEPS, &mut blamed);
            if !blamed.is_empty() {
                for fault in blamed {
                    push(found, fault);
                }
                return;
            }
        }
        let place = cursor(properties, &turns, at, Side::Value);
        let Some(tree) = tree_at(properties, &turns) else {
            return;
        };
        push(found, wrong(bottom, value, tree, &place));
    }

    /// An unknown property.
    fn unknown(
        &self,
        value: Value<'_>,
        turns: &[Turn],
        properties: &Tree,
        at: &Cursor,
        found: &mut Vec<Fault>,
    ) {
        let Some((Turn::Key(name), above)) = turns.split_last() else {
            return;
        };
        if above.is_empty() && self.is_handed_on {
            return;
        }
        let Some(holder) = tree_at(properties, above) else {
            return;
        };
        let place = cursor(properties, turns, at, Side::Key);
        let known = names_at(value, above);
        let others = known.iter().map(String::as_str);
        let absent: Vec<&str> = others.filter(|known| holder.get(known).is_none()).collect();
        push(found, Fault::unknown(&place, name, &absent));
    }

    /// Finds the properties below `turns` that make the value there fail.
    fn blame(
        &self,
        properties: &Tree,
        turns: &[Turn],
        at: &Cursor,
        depth: usize,
        found: &mut Vec<Fault>,
    ) {
        let Some(holder) = tree_at(properties, turns) else {
            return;
        };
        let below: Vec<Turn> = match &holder.data {
            Data::Map(entries) => entries
                .iter()
                .map(|entry| Turn::Key(entry.key.to_string()))
                .collect(),
            Data::List(items) => (0..items.len()).map(Turn::Index).collect(),
            _ => return,
        };
        if depth == 0 || below.len() > MOST_SUSPECTS {
            return;
        }
        let mut suspects = Vec::new();
        for turn in below {
            let mut path = turns.to_vec();
            path.push(turn);
            if self.fits(properties, &path, Instead::Top, turns) {
                suspects.push((path, Instead::Top));
            } else if self.fits(properties, &path, Instead::Nothing, turns) {
                suspects.push((path, Instead::Nothing));
            }
        }
        // of several that would do, none alone is to blame
        let [(path, instead)] = suspects.as_slice() else {
            return;
        };
        if *instead == Instead::Nothing {
            let evaluation = self.evaluated(expr(properties, Some((path, Instead::Nothing))));
            if let Some(given) = given(&evaluation) {
                self.unknown(given, path, properties, at, found);
            }
            return;
        }
        let before = found.len();
        self.blame(properties, path, at, depth - 1, found);
        if found.len() == before
            && let Some(tree) = tree_at(properties, path)
        {
            let place = cursor(properties, path, at, Side::Value);
            let expected = format!("fits no alternative, found {}", described(tree));
            found.push(Fault::wrong(&place, expected));
        }
    }

    /// Whether the value at `within` is without error when the property at `path` is replaced.
    fn fits(&self, properties: &Tree, path: &[Turn], instead: Instead, within: &[Turn]) -> bool {
        let evaluation = self.evaluated(expr(properties, Some((path, instead))));
        let value = given(&evaluation).and_then(|given| value_at(given, within));
        value.is_some_and(|value| value.passes(Check::Valid))
    }
}

/// The unified value.
fn given(evaluation: &Evaluation) -> Option<Value<'_>> {
    evaluation.root()?.field(GIVEN)
}

fn push(found: &mut Vec<Fault>, fault: Fault) {
    let is_known = found
        .iter()
        .any(|known| known.kind == fault.kind && known.path == fault.path);
    if !is_known {
        found.push(fault);
    }
}

fn is_scalar(properties: &Tree, turns: &[Turn]) -> bool {
    tree_at(properties, turns)
        .is_some_and(|tree| !matches!(tree.data, Data::Map(_) | Data::List(_)))
}

/// A value that does not fit, in the words of the engine.
fn wrong(bottom: &Bottom, value: Value<'_>, tree: &Tree, at: &Cursor) -> Fault {
    let told = value.graph().explain(bottom, &[]);
    let mut fault = Fault::wrong(at, format!("does not fit: {}", told.message));
    fault.notes = told.notes;
    let is_elsewhere = |place: &Place| match place {
        Place::Text(span) => *span != at.span && *span != tree.span && !span.is_detached(),
        Place::Path(_) | Place::Nowhere => false,
    };
    let places = std::iter::once(told.primary).chain(told.labels);
    fault.labels = places.filter(|label| is_elsewhere(&label.place)).collect();
    fault
}

/// What has to be there and is not: the fields without a value. Below what is given, those that it lacks.
fn missing(value: Value<'_>, tree: Option<&Tree>, at: &Cursor, found: &mut Vec<Fault>) {
    let value = value.default();
    if tree.is_some_and(|tree| !matches!(tree.data, Data::Map(_) | Data::List(_))) {
        return;
    }
    if let Some(Data::List(items)) = tree.map(|tree| &tree.data) {
        for (index, (item, value)) in items.iter().zip(value.elements()).enumerate() {
            missing(value, Some(item), &at.element(index, item), found);
        }
        return;
    }
    if let Some((all, _)) = value.alternatives() {
        one_of(&all, tree, at, found);
        return;
    }
    for arc in value.arcs() {
        if !arc.label.is_string() || arc.kind == ArcKind::Optional {
            continue;
        }
        let name = value.graph().labels().text(arc.label).into_owned();
        if let Some(entry) = tree.and_then(|tree| tree.entry(&name)) {
            missing(arc.value, Some(&entry.value), &at.value(entry), found);
            continue;
        }
        let at = at.absent(&name);
        match arc.value.default().shape() {
            _ if arc.kind == ArcKind::Required => found.push(Fault::missing(&at)),
            Shape::Incomplete(_) => found.push(Fault::missing(&at)),
            Shape::Struct => missing(arc.value, None, &at, found),
            _ => {}
        }
    }
}

/// Several alternatives are left: something is missing when it is in each of them. What the first lacks is told.
fn one_of(all: &[Value<'_>], tree: Option<&Tree>, at: &Cursor, found: &mut Vec<Fault>) {
    let of_each: Vec<Vec<Fault>> = all
        .iter()
        .map(|one| {
            let mut own = Vec::new();
            if matches!(one.shape(), Shape::Struct) {
                missing(*one, tree, at, &mut own);
            }
            own
        })
        .collect();
    if of_each.iter().any(Vec::is_empty) {
        return;
    }
    let names: BTreeSet<String> = of_each
        .iter()
        .flatten()
        .map(|fault| format!("`{}`", fault.path))
        .collect();
    if let Some(mut fault) = of_each.into_iter().flatten().next() {
        if names.len() > 1 {
            let names: Vec<String> = names.into_iter().collect();
            fault
                .notes
                .push(format!("one of {} is expected", names.join(", ")));
        }
        found.push(fault);
    }
}

/// The way from the unified value down to one of its parts; none for what lies elsewhere.
fn turns(value: Value<'_>) -> Option<Vec<Turn>> {
    let labels = value.graph().labels();
    let path = value.path();
    let (first, rest) = path.split_first()?;
    if labels.text(*first) != GIVEN {
        return None;
    }
    let turn = |label: &cue_engine::Label| match label.index() {
        Some(index) if label.is_int() => Turn::Index(index),
        _ => Turn::Key(labels.text(*label).into_owned()),
    };
    Some(rest.iter().map(turn).collect())
}

fn value_at<'g>(value: Value<'g>, turns: &[Turn]) -> Option<Value<'g>> {
    turns.iter().try_fold(value, |value, turn| match turn {
        Turn::Key(name) => value.default().field(name),
        Turn::Index(index) => value.default().elements().get(*index).copied(),
    })
}

/// The names of the parameters at the place of a property, as far as they can be told.
fn names_at(value: Value<'_>, turns: &[Turn]) -> Vec<String> {
    let root = value.graph().root();
    let holder = root.field(GIVEN).and_then(|given| value_at(given, turns));
    let mut pending: Vec<Value<'_>> = holder.into_iter().collect();
    let mut names = BTreeSet::new();
    while let Some(value) = pending.pop() {
        if let Some((all, _)) = value.alternatives() {
            pending.extend(all);
            continue;
        }
        let labels = value.graph().labels();
        let fields = value.arcs().into_iter().filter(|arc| arc.label.is_string());
        names.extend(fields.map(|arc| labels.text(arc.label).into_owned()));
    }
    names.into_iter().collect()
}

fn tree_at<'t>(tree: &'t Tree, turns: &[Turn]) -> Option<&'t Tree> {
    let steps: Vec<Step<'_>> = turns
        .iter()
        .map(|turn| match turn {
            Turn::Key(name) => Step::Key(name),
            Turn::Index(index) => Step::Index(*index),
        })
        .collect();
    tree.at(&steps)
}

/// Which place of a property is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Key,
    Value,
}

/// The place of a property.
fn cursor(tree: &Tree, turns: &[Turn], at: &Cursor, side: Side) -> Cursor {
    let mut place = at.clone();
    let mut tree = Some(tree);
    for turn in turns {
        let next = match turn {
            Turn::Key(name) => {
                let entry = tree.and_then(|tree| tree.entry(name));
                place = match entry {
                    Some(entry) if side == Side::Value => place.value(entry),
                    Some(entry) => place.key(entry),
                    None => place.absent(name),
                };
                entry.map(|entry| &entry.value)
            }
            Turn::Index(index) => {
                let item = tree.and_then(|tree| tree.items().get(*index));
                if let Some(item) = item {
                    place = place.element(*index, item);
                }
                item
            }
        };
        tree = next;
    }
    place
}

/// The declaration of `parameter`.
fn parameter(decl: &Decl) -> Option<&ast::Field> {
    match decl {
        Decl::Field(field) if name_of(&field.label).as_deref() == Some(PARAMETER) => Some(field),
        _ => None,
    }
}

fn name_of(label: &Label) -> Option<String> {
    match label.name() {
        LabelName::Ident(name) | LabelName::Quoted(name) => Some(name),
        LabelName::Dynamic | LabelName::Invalid => None,
    }
}

/// Whether a declaration declares parameters only sometimes: a condition or loop with a field `parameter` in it.
fn is_conditional(decl: &Decl) -> bool {
    let Decl::Comprehension(comprehension) = decl else {
        return matches!(decl, Decl::Embed(_));
    };
    comprehension
        .value
        .elts
        .iter()
        .any(|decl| parameter(decl).is_some())
}

/// The declarations that `parameter` refers to, itself among them, and the imports that they use.
fn needed(file: &File) -> Vec<Decl> {
    let mut wanted: BTreeSet<String> = BTreeSet::from([PARAMETER.to_owned()]);
    let mut is_taken = vec![false; file.decls.len()];
    let mut grows = true;
    while grows {
        grows = false;
        for (decl, is_taken) in file.decls.iter().zip(&mut is_taken) {
            let names = match decl {
                Decl::Field(field) => name_of(&field.label),
                Decl::Let(clause) => Some(clause.ident.name.to_string()),
                _ => None,
            };
            if *is_taken || !names.is_some_and(|name| wanted.contains(&name)) {
                continue;
            }
            *is_taken = true;
            grows = true;
            ast::walk(Node::Decl(decl), &mut |node| {
                if let Node::Expr(Expr::Ident(ident)) = node {
                    wanted.insert(ident.name.to_string());
                }
                ControlFlow::Continue(())
            });
        }
    }
    let mut decls = Vec::new();
    for (decl, is_taken) in file.decls.iter().zip(is_taken) {
        match decl {
            Decl::Import(import) => {
                let mut import = import.clone();
                import
                    .specs
                    .retain(|spec| wanted.contains(&import_name(spec)));
                if !import.specs.is_empty() {
                    decls.push(Decl::Import(import));
                }
            }
            _ if is_taken => decls.push(decl.clone()),
            _ => {}
        }
    }
    decls
}

/// The name under which a file uses an import.
fn import_name(spec: &ast::ImportSpec) -> String {
    if let Some(name) = &spec.name {
        return name.name.to_string();
    }
    let path = spec.path.text.trim_matches('"');
    let last = path.rsplit('/').next().unwrap_or(path);
    last.rsplit(':').next().unwrap_or(last).to_owned()
}

/// Whether a template uses `parameter` as a whole outside of its declaration, and not only its fields.
fn is_handed_on(file: &File) -> bool {
    let (mut all, mut of_fields) = (0, 0);
    for decl in file.decls.iter().filter(|decl| parameter(decl).is_none()) {
        ast::walk(Node::Decl(decl), &mut |node| {
            let is_parameter = |expr: &Expr| expr.as_ident() == Some(PARAMETER);
            match node {
                Node::Expr(Expr::Selector(selector)) if is_parameter(&selector.base) => {
                    of_fields += 1;
                }
                Node::Expr(Expr::Index(index)) if is_parameter(&index.base) => of_fields += 1,
                Node::Expr(expr) if is_parameter(expr) => all += 1,
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }
    all > of_fields
}

/// Makes every `{}` an open struct.
fn open_empty(expr: &mut Expr) {
    match expr {
        Expr::Struct(body) if body.elts.is_empty() => body.elts.push(Decl::ellipsis()),
        Expr::Struct(body) => {
            for decl in &mut body.elts {
                open_empty_in(decl);
            }
        }
        Expr::List(list) => list.elts.iter_mut().for_each(open_empty),
        Expr::Paren(paren) => open_empty(&mut paren.expr),
        Expr::Ellipsis(ellipsis) => {
            if let Some(element) = &mut ellipsis.element {
                open_empty(element);
            }
        }
        Expr::Unary(unary) => open_empty(&mut unary.operand),
        Expr::Binary(binary) => {
            open_empty(&mut binary.left);
            open_empty(&mut binary.right);
        }
        Expr::Alias(alias) => open_empty(&mut alias.expr),
        _ => {}
    }
}

fn open_empty_in(decl: &mut Decl) {
    match decl {
        Decl::Field(field) => open_empty(&mut field.value),
        Decl::Comprehension(comprehension) => {
            comprehension.value.elts.iter_mut().for_each(open_empty_in);
        }
        Decl::Embed(embed) => open_empty(&mut embed.expr),
        _ => {}
    }
}

/// Properties as CUE, with their places; the one at a path replaced.
fn expr(tree: &Tree, instead: Option<(&[Turn], Instead)>) -> Expr {
    let below = |turn: &Turn| match instead {
        Some(([first, rest @ ..], instead)) if first == turn => Some((rest, instead)),
        _ => None,
    };
    if let Some(([], Instead::Top)) = instead {
        return Expr::ident("_");
    }
    let is_gone = |inner: Option<(&[Turn], Instead)>| matches!(inner, Some(([], Instead::Nothing)));
    let mut made = match &tree.data {
        Data::Null => Expr::Basic(ast::BasicLit::null()),
        Data::Bool(value) => Expr::Basic(ast::BasicLit::boolean(*value)),
        Data::Number(_) => number(tree),
        Data::String(text) => Expr::string(text),
        Data::List(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(index, item)| (item, below(&Turn::Index(index))));
            let kept = items.filter(|(_, inner)| !is_gone(*inner));
            Expr::list(kept.map(|(item, inner)| expr(item, inner)).collect())
        }
        Data::Map(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|entry| (entry, below(&Turn::Key(entry.key.to_string()))));
            let kept = entries.filter(|(_, inner)| !is_gone(*inner));
            let fields = kept.map(|(entry, inner)| {
                let label = Label::Basic(ast::BasicLit::string(&entry.key));
                let mut decl = Decl::field(label, expr(&entry.value, inner));
                if let Some(meta) = decl.meta_mut() {
                    meta.span = entry.key_span;
                }
                decl
            });
            Expr::structure(fields.collect())
        }
    };
    made.meta_mut().span = tree.span;
    made
}

/// A number as the JSON of the Application has it: an integer where it has no fraction.
fn number(tree: &Tree) -> Expr {
    let text = match &tree.data {
        Data::Number(number) => match number.to_number() {
            Some(number) if number.as_i64().is_none() && number.as_u64().is_none() => {
                goyaml::json_float(number.as_f64())
            }
            Some(number) => number.as_str().to_owned(),
            None => "0".to_owned(),
        },
        _ => "0".to_owned(),
    };
    let digits = text.trim_start_matches('-');
    let is_float = digits.contains(['.', 'e', 'E']);
    let made = if is_float {
        Expr::float(digits.to_owned())
    } else {
        Expr::int(digits.to_owned())
    };
    if digits.len() < text.len() {
        Expr::unary(ast::UnaryOp::Minus, made)
    } else {
        made
    }
}

/// What a template may ask of its context while it declares parameters.
fn context() -> Expr {
    let text = |name: &str, value: &str| Decl::field(Label::regular(name), Expr::string(value));
    Expr::structure(vec![
        text("name", "name"),
        text("appName", "name"),
        text("namespace", "default"),
        text("cluster", "local"),
        Decl::ellipsis(),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::fault::FaultKind::{self, Missing, Unknown, Wrong};
    use super::*;
    use source_vocab::Span;

    fn faults(template: &str, properties: &str) -> Vec<(FaultKind, String)> {
        let (template, properties) = (template.to_owned(), properties.to_owned());
        testkit::on_big_stack(cue_engine::Budget::STACK, move || {
            let mut session = Session::new();
            let source = session
                .sources_mut()
                .add("t.cue", template.as_str())
                .unwrap();
            let parsed = cue_engine::syntax::parse(&source);
            assert!(parsed.errors.is_empty());
            let template = Template::of(&parsed.file, &session).unwrap();
            let tree =
                goyaml::read_tree(properties.as_bytes(), 0, goyaml::Strictness::Strict).unwrap();
            let found = template.check(&tree, &Cursor::root(Span::DETACHED));
            found
                .into_iter()
                .map(|fault| (fault.kind, fault.path))
                .collect()
        })
    }

    fn one(kind: FaultKind, path: &str) -> Vec<(FaultKind, String)> {
        vec![(kind, path.to_owned())]
    }

    const WEB: &str = r#"
        import "strings"

        output: {kind: "Deployment", name: strings.ToLower(parameter.image)}
        #Port: {port: int & >0 & <65536, name?: string}
        parameter: {
            image:     string
            replicas:  *1 | int
            policy?:   "Always" | "Never"
            ports?:    [...#Port]
            labels?:   [string]: string
            values?:   {}
            resources: {cpu: *"1" | string, memory: string}
        }
        "#;

    #[test]
    fn good_properties_have_no_faults() {
        let good = "{image: a, resources: {memory: 1Gi}, ports: [{port: 80}], labels: {a: b}, values: {x: [1]}}";
        assert_eq!(faults(WEB, good), []);
        let floats = "{image: a, resources: {memory: 1Gi}, replicas: 3.0, ports: [{port: 8e1}]}";
        assert_eq!(faults(WEB, floats), []);
    }

    #[test]
    fn unknown_wrong_and_missing_properties_are_told_apart() {
        let rest = "image: a, resources: {memory: 1Gi}";
        let with = |more: &str| faults(WEB, &format!("{{{rest}, {more}}}"));
        assert_eq!(with("replica: 2"), one(Unknown, "replica"));
        assert_eq!(
            with("ports: [{port: 80, nam: a}]"),
            one(Unknown, "ports[0].nam")
        );
        assert_eq!(with("replicas: two"), one(Wrong, "replicas"));
        assert_eq!(with("replicas: null"), one(Wrong, "replicas"));
        assert_eq!(with("policy: Sometimes"), one(Wrong, "policy"));
        assert_eq!(
            with("ports: [{port: 80}, {port: 70000}]"),
            one(Wrong, "ports[1].port")
        );
        assert_eq!(with("ports: {port: 80}"), one(Wrong, "ports"));
        assert_eq!(with("ports: [{}]"), one(Missing, "ports[0].port"));
        assert_eq!(with("labels: {a: 1}"), one(Wrong, "labels.a"));
        assert_eq!(faults(WEB, "{image: a}"), one(Missing, "resources.memory"));
        assert_eq!(
            faults(WEB, "{}"),
            [
                (Missing, "image".to_owned()),
                (Missing, "resources.memory".to_owned())
            ]
        );
    }

    const CHOICE: &str = r#"
        #Patch: {containerName: *"" | string, command: *null | [...string]}
        parameter: *#Patch | close({containers: [...#Patch]})
        "#;

    #[test]
    fn of_alternatives_the_property_to_blame_is_found() {
        assert_eq!(faults(CHOICE, "{containers: [{containerName: a}]}"), []);
        assert_eq!(faults(CHOICE, "{command: [a]}"), []);
        assert_eq!(faults(CHOICE, "{}"), []);
        assert_eq!(faults(CHOICE, "{comand: [a]}"), one(Unknown, "comand"));
        assert_eq!(faults(CHOICE, "{command: [1]}"), one(Wrong, "command[0]"));
        assert_eq!(
            faults(CHOICE, "{containers: [{containerNam: a}]}"),
            one(Unknown, "containers[0].containerNam")
        );
        assert_eq!(
            faults(CHOICE, "{containers: [], command: [a]}"),
            one(Wrong, "")
        );
    }

    const URL: &str = "parameter: url: {value: string} | {secret: {name: string}}";

    #[test]
    fn of_alternatives_one_has_to_be_given() {
        assert_eq!(faults(URL, "{url: {value: a}}"), []);
        assert_eq!(faults(URL, "{url: {secret: {name: a}}}"), []);
        assert_eq!(faults(URL, "{url: {}}"), one(Missing, "url.value"));
        assert_eq!(
            faults(URL, "{url: {secret: {}}}"),
            one(Missing, "url.secret.name")
        );
        assert_eq!(faults(URL, "{}"), one(Missing, "url"));
    }

    #[test]
    fn conditions_see_the_properties() {
        let template = "parameter: {kind: \"a\" | \"b\", if kind == \"a\" {size: int}}\n";
        assert_eq!(faults(template, "{kind: a, size: 1}"), []);
        assert_eq!(faults(template, "{kind: b}"), []);
        assert_eq!(faults(template, "{kind: a}"), one(Missing, "size"));
        assert_eq!(faults(template, "{kind: b, size: 1}"), one(Unknown, "size"));
    }

    #[test]
    fn what_is_handed_on_as_a_whole_may_have_any_field() {
        let template = "output: spec: parameter\nparameter: {name: string}\n";
        assert_eq!(faults(template, "{name: a, other: 1}"), []);
        assert_eq!(faults(template, "{name: 1}"), one(Wrong, "name"));
    }
}
