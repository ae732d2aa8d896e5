//! What a name stands for at a place of a CUE file, as far as the text tells.
//!
//! KubeVela compiles the files of an addon in groups: `template.cue`, the parameters and the resources of its package see
//! each other; any other resource sees the parameters around its own fields; `NOTES.cue` stands beside the parameters; every
//! other file is alone. [`Scope`] is such a group with the structs, `let`s and variables around a place, innermost last, and
//! [`walk`] shows every node of a file together with the scope it stands in and the nodes around it.
//!
//! Example: at `x` in `a: {b: x}` of a template the scope is imports → package → `{b: x}`, and `x` may be declared in
//! `parameter.cue`.
//!
//! Nothing is evaluated: a name that an embedded struct brings along is not found, so a rule must not conclude from a
//! missing declaration alone.

use crate::input::{CueFile, Input};
use crate::syntax::{name_of, text};
use addon_model::{Format, Role};
use cue_syntax::ast::{
    Clause, Comprehension, Decl, Expr, Field, File, Ident, ImportSpec, Label, LabelName, Node,
};
use std::rc::Rc;

/// How deep a name is followed through other names.
const DEEPEST: usize = 24;

/// The name of the package that KubeVela gives to a file without a clause.
const MAIN: &str = "main";

/// What declares a name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Referent<'a> {
    /// A field with that label.
    Field(&'a Field),
    /// A `let`, or the alias of a value.
    Value(&'a Expr),
    /// The variable of a `for`.
    Variable,
    /// An import.
    Import(&'a ImportSpec),
}

/// What stands around a place.
#[derive(Debug)]
enum Frame<'a> {
    /// The fields of one struct, or of all files of a package.
    Fields(Vec<&'a [Decl]>),
    /// Names that a clause, an alias or an import gives.
    Names(Vec<(&'a str, Referent<'a>)>),
}

#[derive(Debug)]
struct Level<'a> {
    frame: Frame<'a>,
    outer: Option<Rc<Level<'a>>>,
}

/// The names that are known at a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope<'a> {
    innermost: Option<Rc<Level<'a>>>,
}

/// A declaration, and the scope in which it stands.
#[derive(Clone, Debug)]
pub(crate) struct Declared<'a> {
    /// What declares the name.
    pub(crate) referent: Referent<'a>,
    /// Where.
    pub(crate) scope: Scope<'a>,
}

impl<'a> Scope<'a> {
    /// The scope of the top of a file, with the other files of its group.
    pub(crate) fn of(input: &'a Input<'_>, file: &'a CueFile) -> Self {
        let imports = Frame::Names(import_names(&file.parsed.file));
        let scope = Self::default().within(imports);
        let own = file.parsed.file.decls.as_slice();
        match group(input, file) {
            Group::Together(files) => {
                let all = files.iter().map(|file| file.parsed.file.decls.as_slice());
                scope.within(Frame::Fields(all.collect()))
            }
            Group::Inside(parameters) => scope
                .within(Frame::Fields(vec![&parameters.parsed.file.decls]))
                .within(Frame::Fields(vec![own])),
        }
    }

    fn within(&self, frame: Frame<'a>) -> Self {
        Self {
            innermost: Some(Rc::new(Level {
                frame,
                outer: self.innermost.clone(),
            })),
        }
    }

    /// The scope inside a struct.
    pub(crate) fn inside(&self, decls: &'a [Decl]) -> Self {
        self.within(Frame::Fields(vec![decls]))
    }

    /// All declarations of a name in the innermost scope that has one; none when the name is predeclared or unknown.
    pub(crate) fn resolve(&self, name: &str) -> Vec<Declared<'a>> {
        let mut level = self.innermost.as_ref();
        while let Some(at) = level {
            let found = at.frame.find(name);
            if !found.is_empty() {
                let scope = Self {
                    innermost: Some(Rc::clone(at)),
                };
                let declared = |referent| Declared {
                    referent,
                    scope: scope.clone(),
                };
                return found.into_iter().map(declared).collect();
            }
            level = at.outer.as_ref();
        }
        Vec::new()
    }

    /// The path of the package that a name imports.
    pub(crate) fn imported(&self, name: &str) -> Option<&'a str> {
        match self.resolve(name).first()?.referent {
            Referent::Import(spec) => Some(spec.path.text.as_str().trim_matches('"')),
            _ => None,
        }
    }

    /// The values that an expression may stand for when names and selectors are followed: each no name, no selector and
    /// no parenthesis, with its scope. The answer is complete only where `is_whole` stays true.
    pub(crate) fn values(&self, expr: &'a Expr, is_whole: &mut bool) -> Vec<(&'a Expr, Self)> {
        let mut found = Vec::new();
        self.follow(expr, DEEPEST, is_whole, &mut found);
        found
    }

    fn follow(
        &self,
        expr: &'a Expr,
        depth: usize,
        is_whole: &mut bool,
        found: &mut Vec<(&'a Expr, Self)>,
    ) {
        let Some(depth) = depth.checked_sub(1) else {
            *is_whole = false;
            return;
        };
        match expr.unparen() {
            Expr::Alias(alias) => self.follow(&alias.expr, depth, is_whole, found),
            Expr::Ident(ident) => {
                let declared = self.resolve(&ident.name);
                if declared.is_empty() {
                    found.push((expr.unparen(), self.clone()));
                }
                for Declared { referent, scope } in declared {
                    match referent {
                        Referent::Field(field) => {
                            scope.follow(&field.value, depth, is_whole, found);
                        }
                        Referent::Value(value) => scope.follow(value, depth, is_whole, found),
                        Referent::Variable | Referent::Import(_) => *is_whole = false,
                    }
                }
            }
            Expr::Selector(selector) => {
                let Some(name) = selected(&selector.selector) else {
                    *is_whole = false;
                    return;
                };
                let mut bases = Vec::new();
                self.follow(&selector.base, depth, is_whole, &mut bases);
                let mut any = false;
                for (base, scope) in bases {
                    let Expr::Struct(body) = base else { continue };
                    let inner = scope.inside(&body.elts);
                    for field in fields_named(&body.elts, &name) {
                        any = true;
                        inner.follow(&field.value, depth, is_whole, found);
                    }
                }
                *is_whole &= any;
            }
            other => found.push((other, self.clone())),
        }
    }
}

impl<'a> Frame<'a> {
    fn find(&self, name: &str) -> Vec<Referent<'a>> {
        match self {
            Self::Fields(bodies) => bodies
                .iter()
                .flat_map(|decls| decls.iter())
                .filter_map(|decl| declares(decl, name))
                .collect(),
            Self::Names(names) => names
                .iter()
                .filter(|(known, _)| *known == name)
                .map(|(_, referent)| *referent)
                .collect(),
        }
    }
}

/// What a declaration of a struct is to an identifier.
fn declares<'a>(decl: &'a Decl, name: &str) -> Option<Referent<'a>> {
    match decl {
        Decl::Field(field) => {
            if let Expr::Alias(alias) = &field.value
                && alias.ident.name.as_str() == name
                && !matches!(field.label, Label::List(_))
            {
                return Some(Referent::Value(&alias.expr));
            }
            let is_alias = field
                .label
                .alias()
                .is_some_and(|alias| alias.name.as_str() == name);
            let is_name = || matches!(field.label.name(), LabelName::Ident(label) if label == name);
            (is_alias || is_name()).then_some(Referent::Field(field))
        }
        Decl::Let(clause) if clause.ident.name.as_str() == name => {
            Some(Referent::Value(&clause.expr))
        }
        _ => None,
    }
}

/// The files that see each other, or the parameters that stand around a file.
enum Group<'a> {
    Together(Vec<&'a CueFile>),
    Inside(&'a CueFile),
}

fn group<'a>(input: &'a Input<'_>, file: &'a CueFile) -> Group<'a> {
    let files = input.cue();
    let parameters = files
        .iter()
        .find(|file| file.role == Role::Parameter)
        .or_else(|| {
            files
                .iter()
                .find(|file| file.role == Role::ResourceParameter)
        });
    let is_parameters = |other: &CueFile| parameters.is_some_and(|file| std::ptr::eq(file, other));
    let template = files.iter().find(|file| file.role == Role::TemplateCue);
    let main = template.map_or(MAIN, package_of);
    let is_part = |file: &CueFile| match file.role {
        Role::TemplateCue => true,
        Role::Parameter | Role::ResourceParameter => {
            is_parameters(file) && package_of(file) == main
        }
        Role::Resource(Format::Cue) => file.parsed.file.package_name() == Some(main),
        _ => false,
    };
    match file.role {
        _ if is_part(file) => Group::Together(files.iter().filter(|file| is_part(file)).collect()),
        Role::Resource(Format::Cue) => match parameters {
            Some(parameters) => Group::Inside(parameters),
            None => Group::Together(vec![file]),
        },
        Role::Notes => Group::Together(parameters.into_iter().chain([file]).collect()),
        _ => Group::Together(vec![file]),
    }
}

fn package_of(file: &CueFile) -> &str {
    file.parsed.file.package_name().unwrap_or(MAIN)
}

/// The names of the packages that a file imports.
fn import_names(file: &File) -> Vec<(&str, Referent<'_>)> {
    let named = |spec| Some((import_name(spec)?, Referent::Import(spec)));
    file.imports().filter_map(named).collect()
}

/// The name under which an import is known in its file.
pub(crate) fn import_name(spec: &ImportSpec) -> Option<&str> {
    if let Some(name) = &spec.name {
        return Some(&name.name);
    }
    let path = spec.path.text.as_str().trim_matches('"');
    path.rsplit(['/', ':'])
        .next()
        .filter(|name| !name.is_empty())
}

/// What a selector names.
pub(crate) fn selected(selector: &cue_syntax::ast::Selector) -> Option<String> {
    match selector {
        cue_syntax::ast::Selector::Ident(ident) => Some(ident.name.as_str().to_owned()),
        cue_syntax::ast::Selector::String(literal) => text(&Expr::Basic(literal.clone())),
    }
}

/// The fields with a name that stand in a struct itself.
pub(crate) fn fields_named<'a>(decls: &'a [Decl], name: &str) -> impl Iterator<Item = &'a Field> {
    decls.iter().filter_map(move |decl| match decl {
        Decl::Field(field) if name_of(field).as_deref() == Some(name) => Some(&**field),
        _ => None,
    })
}

/// What [`walk`] calls: a node, its scope, and the nodes around it from the outermost in.
type Visit<'v, 'a> = dyn FnMut(Node<'a>, &Scope<'a>, &[Node<'a>]) + 'v;

/// Shows all expressions and declarations of a file.
pub(crate) fn walk<'a>(scope: &Scope<'a>, file: &'a File, visit: &mut Visit<'_, 'a>) {
    let mut walker = Walker {
        around: Vec::new(),
        visit,
    };
    walker.decls(scope, &file.decls);
}

struct Walker<'v, 'w, 'a> {
    around: Vec<Node<'a>>,
    visit: &'w mut Visit<'v, 'a>,
}

impl<'a> Walker<'_, '_, 'a> {
    fn decls(&mut self, scope: &Scope<'a>, decls: &'a [Decl]) {
        for decl in decls {
            self.decl(scope, decl);
        }
    }

    fn decl(&mut self, scope: &Scope<'a>, decl: &'a Decl) {
        let node = Node::Decl(decl);
        (self.visit)(node, scope, &self.around);
        self.around.push(node);
        match decl {
            Decl::Field(field) => self.field(scope, field),
            Decl::Let(clause) => self.expr(scope, &clause.expr),
            Decl::Embed(embed) => self.expr(scope, &embed.expr),
            Decl::Comprehension(comprehension) => self.comprehension(scope, comprehension),
            Decl::Ellipsis(ellipsis) => {
                if let Some(element) = &ellipsis.element {
                    self.expr(scope, element);
                }
            }
            Decl::Alias(alias) => self.expr(scope, &alias.expr),
            Decl::Attribute(_)
            | Decl::Package(_)
            | Decl::Import(_)
            | Decl::Comment(_)
            | Decl::Bad(_) => {}
        }
        self.around.pop();
    }

    fn field(&mut self, scope: &Scope<'a>, field: &'a Field) {
        match field.label.unaliased() {
            Label::Interpolation(label) => {
                for step in &label.steps {
                    self.expr(scope, &step.expr);
                }
            }
            Label::Paren(label) => self.expr(scope, &label.expr),
            Label::List(label) => {
                let mut names = Vec::new();
                for element in &label.elts {
                    if let Expr::Alias(alias) = element {
                        names.push((alias.ident.name.as_str(), Referent::Variable));
                        self.expr(scope, &alias.expr);
                    } else {
                        self.expr(scope, element);
                    }
                }
                let inner = scope.within(Frame::Names(names));
                return self.expr(&inner, &field.value);
            }
            Label::Ident(_) | Label::Basic(_) | Label::Alias(_) => {}
        }
        self.expr(scope, &field.value);
    }

    fn comprehension(&mut self, scope: &Scope<'a>, comprehension: &'a Comprehension) {
        let mut scope = scope.clone();
        for clause in &comprehension.clauses {
            (self.visit)(Node::Clause(clause), &scope, &self.around);
            self.around.push(Node::Clause(clause));
            match clause {
                Clause::For(x) => {
                    self.expr(&scope, &x.source);
                    let names = x.key.iter().chain([&x.value]);
                    let named = |ident: &'a Ident| (ident.name.as_str(), Referent::Variable);
                    scope = scope.within(Frame::Names(names.map(named).collect()));
                }
                Clause::If(x) => self.expr(&scope, &x.condition),
                Clause::Let(x) => {
                    self.expr(&scope, &x.expr);
                    let name = x.ident.name.as_str();
                    scope = scope.within(Frame::Names(vec![(name, Referent::Value(&x.expr))]));
                }
            }
        }
        let inner = scope.inside(&comprehension.value.elts);
        self.decls(&inner, &comprehension.value.elts);
        let depth = self.around.len() - comprehension.clauses.len();
        self.around.truncate(depth);
    }

    fn expr(&mut self, scope: &Scope<'a>, expr: &'a Expr) {
        let node = Node::Expr(expr);
        (self.visit)(node, scope, &self.around);
        self.around.push(node);
        match expr {
            Expr::Bad(_) | Expr::Bottom(_) | Expr::Ident(_) | Expr::Basic(_) => {}
            Expr::Interpolation(x) => {
                for step in &x.steps {
                    self.expr(scope, &step.expr);
                }
            }
            Expr::Struct(x) => self.decls(&scope.inside(&x.elts), &x.elts),
            Expr::List(x) => {
                for element in &x.elts {
                    self.expr(scope, element);
                }
            }
            Expr::Paren(x) => self.expr(scope, &x.expr),
            Expr::Selector(x) => self.expr(scope, &x.base),
            Expr::Index(x) => {
                self.expr(scope, &x.base);
                self.expr(scope, &x.index);
            }
            Expr::Slice(x) => {
                self.expr(scope, &x.base);
                for bound in [&x.low, &x.high].into_iter().flatten() {
                    self.expr(scope, bound);
                }
            }
            Expr::Call(x) => {
                self.expr(scope, &x.function);
                for argument in &x.args {
                    self.expr(scope, argument);
                }
            }
            Expr::Unary(x) => self.expr(scope, &x.operand),
            Expr::Binary(_) => self.chain(scope, expr),
            Expr::Alias(x) => {
                let name = x.ident.name.as_str();
                let inner = scope.within(Frame::Names(vec![(name, Referent::Value(&x.expr))]));
                self.expr(&inner, &x.expr);
            }
            Expr::Ellipsis(x) => {
                if let Some(element) = &x.element {
                    self.expr(scope, element);
                }
            }
            Expr::Comprehension(x) => self.comprehension(scope, x),
        }
        self.around.pop();
    }

    /// The parts of a chain of operators, which may be long: its left spine is not descended by recursion.
    fn chain(&mut self, scope: &Scope<'a>, top: &'a Expr) {
        let before = self.around.len();
        let mut rights = Vec::new();
        let mut expr = top;
        while let Expr::Binary(binary) = expr {
            rights.push(&binary.right);
            expr = &binary.left;
            if matches!(expr, Expr::Binary(_)) {
                let node = Node::Expr(expr);
                (self.visit)(node, scope, &self.around);
                self.around.push(node);
            }
        }
        self.expr(scope, expr);
        for right in rights.into_iter().rev() {
            self.expr(scope, right);
            if self.around.len() > before {
                self.around.pop();
            }
        }
        self.around.truncate(before);
    }
}
