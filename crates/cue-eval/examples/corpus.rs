//! Runs a corpus of archives and snippets and writes one dump a line.
use cue_eval::{
    Budget, FileScope, Import, Instance, SourceFile, builtin::Builtins, dump::dump, eval, lower,
};
use source_vocab::SourceMap;
use std::collections::BTreeMap;
use std::sync::Arc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::Builder::new()
        .stack_size(Budget::STACK)
        .spawn(move || run(&args))
        .unwrap()
        .join()
        .unwrap();
}
fn builtins() -> Box<dyn Builtins> {
    Box::new(cue_std::Standard::new())
}
fn run(args: &[String]) {
    std::panic::set_hook(Box::new(|i| {
        eprintln!("{i}");
    }));
    for a in args {
        if a.ends_with(".jsonl") {
            for line in std::fs::read_to_string(a).unwrap().lines() {
                let v: serde_json::Value = serde_json::from_str(line).unwrap();
                let src = v["src"].as_str().unwrap().to_owned();
                let mut fs = BTreeMap::new();
                fs.insert("in.cue".to_owned(), src);
                report(v["id"].as_str().unwrap(), &fs, &["in.cue".to_owned()]);
            }
        } else if a.ends_with(".txtar") {
            let t = std::fs::read_to_string(a).unwrap();
            let mut fs = BTreeMap::new();
            let mut order = vec![];
            let mut cur: Option<(String, String)> = None;
            for l in t.split_inclusive('\n') {
                let tr = l.trim_end();
                if tr.starts_with("-- ") && tr.ends_with(" --") && tr.len() > 6 {
                    if let Some((n, c)) = cur.take() {
                        fs.insert(n, c);
                    }
                    let n = tr[3..tr.len() - 3].trim().to_owned();
                    order.push(n.clone());
                    cur = Some((n, String::new()));
                } else if let Some((_, c)) = &mut cur {
                    c.push_str(l);
                }
            }
            if let Some((n, c)) = cur.take() {
                fs.insert(n, c);
            }
            let roots: Vec<String> = order
                .into_iter()
                .filter(|n| n.ends_with(".cue") && !n.contains('/'))
                .collect();
            report(a, &fs, &roots);
        } else {
            let mut fs = BTreeMap::new();
            fs.insert(a.clone(), std::fs::read_to_string(a).unwrap());
            println!("{}", one(&fs, &[a.clone()]));
        }
    }
}
fn report(id: &str, fs: &BTreeMap<String, String>, roots: &[String]) {
    let t = std::time::Instant::now();
    let r = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one(fs, roots)));
    let d = r.unwrap_or_else(|_| "{\"panic\":true}".to_owned());
    println!(
        "{}",
        serde_json::json!({"id": id, "dump": d, "ms": t.elapsed().as_millis() as u64})
    );
}
struct Loaded {
    path: String,
    name: String,
    files: Vec<(String, cue_syntax::ast::File)>,
    imports: Vec<(String, Import)>,
}
fn load(
    map: &mut SourceMap,
    fs: &BTreeMap<String, String>,
    names: &[String],
    path: &str,
    module: &str,
    out: &mut Vec<Loaded>,
    seen: &mut BTreeMap<String, usize>,
) -> Result<usize, String> {
    let idx = out.len();
    out.push(Loaded {
        path: path.to_owned(),
        name: String::new(),
        files: vec![],
        imports: vec![],
    });
    let mut files = vec![];
    for n in names {
        let f = map.add(n.clone(), fs[n].as_str()).unwrap();
        let p = cue_syntax::parse(&f);
        if !p.errors.is_empty() {
            let lc = match &p.errors[0].primary.place {
                source_vocab::Place::Text(s) => map
                    .line_column(*s)
                    .map(|(n, l)| format!("{n}:{}:{}", l.line, l.column))
                    .unwrap_or_default(),
                _ => String::new(),
            };
            return Err(format!("parse {lc}: {}", p.errors[0].message));
        }
        files.push((n.clone(), p.file));
    }
    let mut imports = vec![];
    for (_, f) in &files {
        for s in f.imports() {
            let p = s.path.text.trim_matches('"').to_owned();
            if imports.iter().any(|(k, _)| *k == p) {
                continue;
            }
            let (bare, q) = match p.split_once(':') {
                Some((a, b)) => (a.to_owned(), Some(b.to_owned())),
                None => (p.clone(), None),
            };
            let rel = if module.is_empty() {
                None
            } else if bare == module {
                Some(String::new())
            } else {
                bare.strip_prefix(&format!("{module}/")).map(str::to_owned)
            };
            let Some(rel) = rel else {
                imports.push((p, Import::Builtin));
                continue;
            };
            let key = p.clone();
            let i = if let Some(i) = seen.get(&key) {
                *i
            } else {
                let q = q.unwrap_or_else(|| {
                    bare.split('@')
                        .next()
                        .unwrap()
                        .rsplit('/')
                        .next()
                        .unwrap()
                        .to_owned()
                });
                let dir = if rel.is_empty() {
                    String::new()
                } else {
                    format!("{rel}/")
                };
                let names: Vec<String> = fs
                    .keys()
                    .filter(|k| {
                        k.ends_with(".cue")
                            && k.strip_prefix(&dir).is_some_and(|r| !r.contains('/'))
                    })
                    .filter(|k| fs[*k].lines().any(|l| l.trim() == format!("package {q}")))
                    .cloned()
                    .collect();
                if names.is_empty() {
                    return Err(format!("no package {p}"));
                }
                let i = load(map, fs, &names, &p, module, out, seen)?;
                seen.insert(key, i);
                i
            };
            imports.push((p, Import::Instance(i)));
        }
    }
    out[idx].files = files;
    out[idx].imports = imports;
    Ok(idx)
}
fn one(fs: &BTreeMap<String, String>, roots: &[String]) -> String {
    let mut map = SourceMap::new();
    let module = fs
        .get("cue.mod/module.cue")
        .and_then(|t| {
            t.lines().find_map(|l| {
                l.trim().strip_prefix("module:").map(|x| {
                    x.trim()
                        .trim_matches('"')
                        .split('@')
                        .next()
                        .unwrap()
                        .to_owned()
                })
            })
        })
        .unwrap_or_default();
    let mut out = vec![];
    if let Err(e) = load(
        &mut map,
        fs,
        roots,
        "_",
        &module,
        &mut out,
        &mut BTreeMap::new(),
    ) {
        return format!("{{\"build_error\":{e:?}}}");
    }
    let insts: Vec<Instance<'_>> = out
        .iter()
        .map(|l| Instance {
            path: l.path.clone(),
            name: l.name.clone(),
            files: l
                .files
                .iter()
                .map(|(n, f)| SourceFile {
                    file: f,
                    name: n,
                    scope: FileScope::ByPackageClause,
                })
                .collect(),
            imports: l.imports.clone(),
        })
        .collect();
    let o = lower(&insts, &*builtins());
    let Some(p) = o.value else {
        return format!("{{\"build_error\":{:?}}}", o.diagnostics[0].message);
    };
    let g = eval(
        &Arc::new(p),
        Budget {
            tasks: 3_000_000,
            nodes: 3_000_000,
            ..Budget::default()
        },
    );
    if std::env::var_os("DIAG").is_some() { for d in g.root().diagnostics(cue_eval::builtin::Check::Valid) { eprint!("{}", source_vocab::render::human(&d, &map, &|p| p.to_string(), source_vocab::render::Color::Never)); } }
    dump(g.root())
}
