use cue_eval::{Budget, FileScope, Instance, Import, SourceFile, builtin::NoBuiltins, dump::dump, eval, lower};
use source_vocab::SourceMap;
use std::sync::Arc;
use std::io::Read;

// stdin: paths of cue files given as args -> dump
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let child = std::thread::Builder::new().stack_size(Budget::STACK).spawn(move || run(&args)).unwrap();
    child.join().unwrap();
}
fn run(args: &[String]) {
    let mut texts: Vec<(String, String)> = vec![];
    if args.is_empty() { let mut s = String::new(); std::io::stdin().read_to_string(&mut s).unwrap(); texts.push(("-".into(), s)); }
    for a in args { texts.push((a.clone(), std::fs::read_to_string(a).unwrap())); }
    println!("{}", one(&texts));
}
fn one(texts: &[(String, String)]) -> String {
    let mut map = SourceMap::new();
    let mut files = vec![];
    for (n, t) in texts {
        let f = map.add(n.clone(), t.as_str()).unwrap();
        let p = cue_syntax::parse(&f);
        if !p.errors.is_empty() { return format!("{{\"build_error\":{:?}}}", p.errors[0].message); }
        files.push(p.file);
    }
    let inst = Instance { path: "_".into(), name: String::new(), files: files.iter().map(|f| SourceFile { file: f, scope: FileScope::ByPackageClause }).collect(), imports: vec![] };
    let out = lower(&[inst], &NoBuiltins);
    let Some(p) = out.value else { return format!("{{\"build_error\":{:?}}}", out.diagnostics[0].message) };
    let g = eval(&Arc::new(p), Budget::default());
    dump(g.root())
}
