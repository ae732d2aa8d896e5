//! Files: attributes, package clause, imports, declarations.

use super::cursor::Cursor;
use crate::ast::{BasicLit, Decl, Expr, File, ImportDecl, ImportSpec, LitKind, Package, Pos};
use crate::literal::{Unquoted, is_graphic, unquote};
use crate::scan::Tok;

/// Whether the literal may name a package: printable, without blanks and special characters. What
/// follows the last colon names the package inside the path and is not looked at.
fn is_import_path(text: &str) -> bool {
    // a bytes literal passes here, too; resolving the import rejects it
    let path = match unquote(text) {
        Ok(Unquoted::String(path)) => path,
        Ok(Unquoted::Bytes(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => return false,
    };
    let path = path
        .rsplit_once(':')
        .map_or(path.as_str(), |(path, _)| path);
    !path.is_empty()
        && path.chars().all(|c| {
            is_graphic(c)
                && !c.is_whitespace()
                && !"!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}".contains(c)
        })
}

fn is_definition(name: &str) -> bool {
    name.starts_with('#') || name.starts_with("_#")
}

impl Cursor<'_> {
    /// Reads the whole text.
    pub(super) fn file(&mut self) -> File {
        let mut file = File {
            meta: self.begin(),
            decls: Vec::new(),
        };
        // a text that does not even begin as CUE would give one error after the other
        if self.has_errors() {
            self.comments.close_file(&mut file.meta);
            return file;
        }
        self.comments.open_list();
        self.preamble_attributes(&mut file.decls, true);
        if self.at_word("package") {
            let package = self.package();
            file.decls.push(Decl::Package(Box::new(package)));
        }
        self.preamble_attributes(&mut file.decls, false);
        while self.at_word("import") {
            let import = self.import();
            file.decls.push(Decl::Import(Box::new(import)));
        }
        self.declarations(&mut file.decls);
        self.expect(Tok::Eof);
        self.comments.close_list();
        file.meta = self.ended(file.meta);
        self.comments.close_file(&mut file.meta);
        file
    }

    /// Reads an expression and nothing behind it.
    pub(super) fn whole_expr(&mut self) -> Expr {
        let expr = self.expr();
        if self.at(Tok::Comma) && self.token.implied {
            self.next();
        }
        self.expect(Tok::Eof);
        expr
    }

    fn preamble_attributes(&mut self, decls: &mut Vec<Decl>, may_enable: bool) {
        while self.at(Tok::Attribute) {
            let attribute = self.attribute();
            if may_enable {
                let (key, body) = attribute.split();
                self.struct_compare |=
                    key == "experiment" && body.split(',').any(|name| name.trim() == "structcmp");
            }
            decls.push(Decl::Attribute(Box::new(attribute)));
            self.declaration_comma();
        }
    }

    fn package(&mut self) -> Package {
        self.comments.open_node();
        let meta = self.begin();
        self.next();
        let name = self.ident();
        if is_definition(&name.name) {
            self.error_here(format!("`{}` cannot name a package", name.name));
        }
        let mut package = Package {
            meta: self.ended(meta),
            name,
        };
        self.expect_comma();
        self.comments.close_node(&mut package.meta);
        package
    }

    fn import(&mut self) -> ImportDecl {
        self.comments.open_node();
        let meta = self.begin();
        self.ident();
        let mut import = ImportDecl {
            meta,
            lparen: Pos::NONE,
            specs: Vec::new(),
            rparen: Pos::NONE,
        };
        if self.at(Tok::LParen) {
            import.lparen = self.pos();
            self.next();
            self.comments.open_list();
            while !matches!(self.tok(), Tok::RParen | Tok::Eof) {
                let spec = self.import_spec();
                import.specs.push(spec);
            }
            self.comments.close_list();
            import.rparen = self.expect(Tok::RParen);
            import.meta = self.ended(import.meta);
            self.expect_comma();
        } else {
            let spec = self.import_spec();
            import.meta.span.hi = spec.meta.span.hi;
            import.specs.push(spec);
        }
        self.comments.close_node(&mut import.meta);
        import
    }

    fn import_spec(&mut self) -> ImportSpec {
        self.comments.open_node();
        let meta = self.begin();
        let name = self.at(Tok::Ident).then(|| self.ident());
        if let Some(name) = &name
            && is_definition(&name.name)
        {
            self.error_here(format!("a package cannot be imported as `{}`", name.name));
        }
        let mut path = BasicLit::new(LitKind::String, "");
        path.meta = self.token_meta();
        let mut meta = meta;
        if self.at(Tok::String) {
            path.text = self.token.text.clone();
            if !is_import_path(&path.text) {
                self.error_here(format!("invalid import path {}", path.text));
            }
            self.next();
            meta = self.ended(meta);
            self.expect_comma();
        } else {
            self.expect(Tok::String);
            meta = self.ended(meta);
            if self.at(Tok::Comma) {
                self.expect_comma();
            }
        }
        let mut spec = ImportSpec { meta, name, path };
        self.comments.close_node(&mut spec.meta);
        spec
    }
}
