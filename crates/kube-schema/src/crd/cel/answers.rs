//! What a kube-apiserver of 1.34 said about rules on one schema.

use super::check::Spelling;
use crate::crd::path::Path;
use crate::crd::schema::Schema;
use goyaml::{Strictness, Tree};

const FIELDS: &str = "
i: {type: integer}
d: {type: number}
s: {type: string}
b: {type: boolean}
l: {type: array, items: {type: string}}
m: {type: object, additionalProperties: {type: string}}
o: {type: object, properties: {x: {type: integer}}}
ios: {x-kubernetes-int-or-string: true}
any: {x-kubernetes-preserve-unknown-fields: true}
t: {type: string, format: date-time}
du: {type: string, format: duration}
by: {type: string, format: byte}
n: {type: string, nullable: true}
emb: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
free: {type: object, x-kubernetes-preserve-unknown-fields: true}
a-b: {type: string}
namespace: {type: string}
a$: {type: string}
anyl: {type: array, items: {x-kubernetes-preserve-unknown-fields: true}}
";

fn tree(text: &str) -> Tree {
    goyaml::read_tree(text.as_bytes(), 1, Strictness::Strict).unwrap()
}

/// What is said about a rule.
fn complaints(rule: &str) -> Vec<String> {
    let quoted = serde_json::to_string(rule).unwrap();
    let fields = FIELDS.trim().replace('\n', "\n  ");
    let text = format!(
        "type: object\nproperties:\n  {fields}\nx-kubernetes-validations:\n- rule: {quoted}\n"
    );
    let props = tree(&text);
    let schema = Schema::compile(&props);
    let mut faults = Vec::new();
    super::check(
        &props,
        &schema,
        Spelling::Plain,
        &Path::Root.field("x"),
        &mut faults,
    );
    faults.into_iter().map(|fault| fault.message).collect()
}

#[test]
fn rules_that_the_server_compiles_are_fine() {
    for rule in [
        r#"self.d > 1"#,
        r#"self.i > 1.5"#,
        r#"self.o == null"#,
        r#"self.ios == 1"#,
        r#"self.ios == 'a'"#,
        r#"self.ios > 1"#,
        r#"self.t > timestamp('2020-01-01T00:00:00Z')"#,
        r#"self.du > duration('1h')"#,
        r#"self.by == b'a'"#,
        r#"self.by.size() > 1"#,
        r#"self.emb.kind == 'a'"#,
        r#"self.emb.metadata.name == 'a'"#,
        r#"self.a__dash__b == 'a'"#,
        r#"self.namespace == 'a'"#,
        r#"self.__namespace__ == 'a'"#,
        r#"self.m.a == 'b'"#,
        r#"self.m['a'] == 'b'"#,
        r#"'a' in self.m"#,
        r#"self.l[0] == 'a'"#,
        r#"self.l.all(x, x == 'a')"#,
        r#"self.l.map(x, size(x)) == [1]"#,
        r#"self.l.filter(x, x == 'a').size() > 0"#,
        r#"self.l.isSorted()"#,
        r#"self.l.max() == 'a'"#,
        r#"self.s.matches('a')"#,
        r#"self.s + 'b' == 'ab'"#,
        r#"!self.b"#,
        r#"self.b ? self.i == 1 : self.b"#,
        r#"self.o.x == 1"#,
        r#"has(self.o)"#,
        r#"url(self.s).getHost() == 'a'"#,
        r#"isURL(self.s)"#,
        r#"ip(self.s).family() == 4"#,
        r#"isIP(self.s)"#,
        r#"cidr('10.0.0.0/8').containsIP(self.s)"#,
        r#"quantity(self.s).isGreaterThan(quantity('1'))"#,
        r#"quantity(self.s).add(1) == quantity('2')"#,
        r#"self.s.split(',').size() > 1"#,
        r#"self.s.format([1]) == 'a'"#,
        r#"'%s'.format([self.s]) == 'a'"#,
        r#"self.s.lowerAscii() == 'a'"#,
        r#"sets.contains(self.l, ['a'])"#,
        r#"self.l.all(i, v, i < 3)"#,
        r#"self.?o.?x.orValue(1) == 1"#,
        r#"self.?o.hasValue()"#,
        r#"optional.of(1).hasValue()"#,
        r#"optional.none().orValue(1) == 1"#,
        r#"type(self.i) == int"#,
        r#"string(self.i) == '1'"#,
        r#"int(self.s) == 1"#,
        r#"double(self.i) == 1.0"#,
        r#"dyn(self.i) == 'a'"#,
        r#"self.i in [1,2]"#,
        r#"{'a': 1}['a'] == 1"#,
        r#"self.t.getFullYear() == 2020"#,
        r#"self.du.getHours() == 1"#,
        r#"oldSelf.i == 1"#,
        r#"semver('1.0.0').major() == 1"#,
        r#"isSemver(self.s)"#,
        r#"format.dns1123Label().validate(self.s).hasValue()"#,
        r#"self.b > false"#,
        r#"self.s > 'a'"#,
        r#"self.l == self.l"#,
        r#"self.l + self.l == []"#,
        r#"self.s.contains('a') == true"#,
        r#"self.m.all(k, v, v != '')"#,
        r#"self.m.transformMap(k, v, v + 'x').size() > 0"#,
        r#"self.l.transformList(i, v, v).size() > 0"#,
        r#"self.i % 2 == 0"#,
        r#"self.i / 0 == 1"#,
        r#"uint(self.i) == 1u"#,
    ] {
        assert_eq!(complaints(rule), Vec::<String>::new(), "{rule}");
    }
}

#[test]
fn rules_that_the_server_does_not_compile_are_faults() {
    for rule in [
        r#"self.d == 1"#,
        r#"self.i == 1.5"#,
        r#"self.i + 1.5 > 2.0"#,
        r#"self.s == null"#,
        r#"self.n == null"#,
        r#"self.l == null"#,
        r#"self.ios"#,
        r#"self.any == 1"#,
        r#"has(self.any)"#,
        r#"self.t == '2020'"#,
        r#"self.emb.metadata.labels['a'] == 'b'"#,
        r#"self.emb.spec.x == 1"#,
        r#"self.free.x == 1"#,
        r#"self.m[1] == 'b'"#,
        r#"1 in self.m"#,
        r#"self.l['a'] == 'a'"#,
        r#"1 in self.l"#,
        r#"self.l.all(x, x == 1)"#,
        r#"self.l.exists(x, x)"#,
        r#"self.l.sum() > 1"#,
        r#"self.s.matches('(')"#,
        r#"self.i.matches('a')"#,
        r#"self.s.startsWith(1)"#,
        r#"self.s + 1 == 'a'"#,
        r#"-self.s == 'a'"#,
        r#"!self.s"#,
        r#"self.b && self.i"#,
        r#"self.b ? 1 : 'a'"#,
        r#"size(self.i) == 1"#,
        r#"self.o.y == 1"#,
        r#"has(self.o.y)"#,
        r#"sets.foo(self.l, ['a'])"#,
        r#"self.s in ['a', 1]"#,
        r#"[1, 'a'].size() == 2"#,
        r#"{'a': 1, 'b': 'c'}.size() == 2"#,
        r#"self.metadata.name == 'a'"#,
        r#"Foo{} == 1"#,
        r#"self.s.reverse() == 'a'"#,
        r#"self.l.distinct().size() == 1"#,
        r#"math.greatest(1,2) == 2"#,
        r#"base64.encode(b'a') == 'a'"#,
        r#"cel.bind(x, self.i, x == 1)"#,
        r#"self.l.slice(0,1) == ['a']"#,
        r#"self.anyl.size() == 1"#,
        r#"has(self.anyl)"#,
        r#"self.b == 'true'"#,
        r#"self.l > ['a']"#,
        r#"self.authorizer == 1"#,
        r#"request == 1"#,
        r#"self == 1"#,
        r#"self.all(k, k != '')"#,
        r#"self.l.sortBy(x, x) == []"#,
        r#"'a' 'b'"#,
        r#"self.i =="#,
        r#"(self.i == 1"#,
        r#"self.i == 1)"#,
        r#""abc"#,
        r#"1 < 2 < 3"#,
        r#"self.i = 1"#,
        r#"self.i === 1"#,
        r#"self.b and self.b"#,
        r#"not self.b"#,
        r#"self.s == `a`"#,
        r#"self.d % 2.0 == 0.0"#,
        r#"9223372036854775808 > 1"#,
        r#"self.i == 1u"#,
    ] {
        assert_ne!(complaints(rule), Vec::<String>::new(), "{rule}");
    }
}

#[test]
fn what_takes_too_long_or_nests_too_deeply_is_no_fault() {
    let nested = format!("{}self.b{}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(complaints(&nested), Vec::<String>::new());
    let rule = "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d != 'zzzz'))))";
    let props = tree(&format!(
        "{{type: array, items: {{type: string}}, x-kubernetes-validations: [{{rule: \"{rule}\"}}]}}"
    ));
    let schema = Schema::compile(&props);
    let broken = |count: usize| {
        // only the last of all combinations breaks the rule
        let list = tree(&format!("[{} z]", "a, ".repeat(count)));
        let mut faults = Vec::new();
        super::broken(&list, &schema, &Path::Root, &mut faults);
        faults.len()
    };
    assert_eq!(broken(3), 1);
    // 200 elements are 1.6 billion steps, of which the budget allows a part
    assert_eq!(broken(200), 0);
}
