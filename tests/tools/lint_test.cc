// The checks of sanpiper-lint: what each finds, and what looks alike and is right.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "util/tools/lint/findings.h"
#include "util/tools/lint/words.h"

namespace lint {
namespace {

struct Example {
    const char* check;
    const char* bad;   // without "#!ipxe", unless the check is about it
    const char* good;
};

// What is in front of "|" is the script of a plain ROM.
const Example kExamples[] = {
    {"bad-line", "#!ipxe\necho a\0b", "echo \xe4\xf6"},
    {"bom", "\xef\xbb\xbf#!ipxe\necho", "#!ipxe\necho \xef\xbb\xbf"},
    {"bom", "\xff\xfe#\0!\0", "#!gpxe\n"},
    {"comment-continues", "# a \\\necho b", "# a \\ b\necho \\\n b"},
    {"constant-test", "isset hostname || set hostname x", "isset ${hostname} || set hostname x"},
    {"constant-test", "iseq platform efi && exit ||", "iseq ${platform} efi && exit ||"},
    {"continuation", "kernel vmlinuz \\ \n  quiet", "kernel vmlinuz \\\n  quiet"},
    {"continuation", "kernel vmlinuz \\ # why\n  quiet", "echo C:\\ \\x"},
    {"continuation", "echo a \\", "echo a \\\n"  "b"},
    {"crossed-loops", "for a in 1 2\nfor b in 3 4\nnext a\nnext b", "for a in 1 2\nfor b in 3 4\nnext b\nnext a"},
    {"crossed-loops", "for a in 1\nfor b in 2\n:l next a || goto l\n:m next b", "for a in 1\nnext a\nfor b in 2\nnext b"},
    {"duplicate-key", "menu x\nitem --key a one\nitem --key a two\nchoose t && exit", "menu x\nitem --key a one\nitem --key b two\nmenu y\nitem --key a z\nchoose t && exit"},
    {"duplicate-key", "menu x\nitem -k a one\nitem -k a two\nchoose t && exit", "menu x\nisset ${b} && item -k a one ||\nisset ${b} || item -k a two\nchoose t && exit"},
    {"duplicate-label", ":a\necho\n:a\ngoto a", ":a\necho\n:b\ngoto a"},
    {"efi-only", "chain grubx64.efi", "iseq ${platform} efi && chain grubx64.efi ||"},
    {"efi-only", "shim shimx64.efi", "iseq ${platform} efi && shim shimx64.efi ||"},
    {"efi-only", "sanboot --filename \\EFI\\x.efi http://a/b.iso", "sanboot http://a/b.iso"},
    {"feature", "kernel vmlinuz", "imgstat"},
    {"feature", "chain http://a/b", "chain tftp://a/b"},
    {"feature", "chain https://a/b", "chain tftp://a/b"},
    {"feature", "chain --timeout 5000 tftp://a/b", "chain --autofree tftp://a/b"},
    {"into-loop", "goto b\nfor a in 1 2\n:b echo ${a}\nnext a", "for a in 1 2\niseq ${a} 1 && goto b ||\necho ${a}\n:b next a\ngoto c\n:c"},
    {"into-loop", "isset ${x} && goto b ||\nfor a in 1 2\necho\n:b next a", ":b for a in 1 2\niseq ${a} 2 && goto c ||\nnext a\ngoto b\n:c"},
    {"into-loop", "for a in 1\n:b\nnext a\ngoto b", "for a in 1 2\ngoto out\n:back\nnext a\nexit\n:out\necho\ngoto back"},
    {"into-routine", "call say x\n:say\necho ${arg1}\nreturn", "call say x\nexit\n:say\necho ${arg1}\nreturn"},
    {"into-routine", "call a\ncall b\nexit\n:a\necho\n:b\necho", "call a\ncall b\nexit\n:a\necho\nreturn\n:b\necho"},
    {"into-routine", "dhcp || exit\n:say\necho\nreturn\n:main\ncall say", "goto main\n:say\necho\nreturn\n:main\ncall say"},
    {"into-routine", "call say\n\n:say\necho", "call again || goto again\n:again\necho"},
    {"item-target", "menu x\nitem one\nitem two\nchoose t && goto ${t}\n:one", "menu x\nitem one\nitem two\nchoose t && goto ${t}\n:one\n:two"},
    {"item-target", "menu x\nitem one\nchoose t || exit\ngoto ${t}\n:start", "menu x\nitem one\nchoose t || exit\ngoto ${t} ||\nchain ${t}.ipxe"},
    {"item-target", "menu x\nitem one\nitem two\nchoose t && goto ${t} || goto one\n:one", "menu x\nitem one\nitem two\nchoose t || goto one\niseq ${t} two && exit ||\ngoto ${t}\n:one"},
    {"lost-operator", "dhcp&& goto a\n:a", "dhcp && goto a\n:a"},
    {"lost-operator", "goto a;\n:a", "echo a; echo b\n:a"},
    {"lost-operator", "set x 1; set y 2", "kernel vmlinuz ds=nocloud;s=http://a/ b||c"},
    {"menu-default", "menu x\nitem one\nchoose --default two t && exit", "menu x\nitem ${p}one\nchoose --default pone t && exit"},
    {"menu-unshown", "menu x\nitem one\n", "menu x\nitem one\nchoose t && exit"},
    {"menu-unshown", "form x\nitem hostname Name\n", "form x\nitem hostname Name\npresent"},
    {"mixed-operators", "iseq ${a} b && set c d || set e f && set g h", "iseq ${a} b && goto x || set e f && set g h\n:x"},
    {"mixed-operators", "dhcp || echo no && shell", "iseq ${a} b || iseq ${a} c && shell ||"},
    {"never-runs", "echo a || shell", "dhcp || shell"},
    {"never-runs", "goto a && echo b\n:a", "goto a || echo b\n:a"},
    {"no-label", "goto nowhere", "goto ${nowhere}\n:anywhere"},
    {"no-label", "goto ${platform}boot\n:efistart", "goto ${platform}boot\n:pcbiosboot"},
    {"no-label", ":a${b}", ":a"},
    {"no-shebang", "echo a", "#!ipxe"},
    {"no-shebang", "#!ipxe2\n", "#!ipxe # a\n"},
    {"no-label", "call nowhere", "include routines.ipxe\ncall elsewhere"},
    {"no-label", "include routines.ipxe\ngoto elsewhere", "trap failed\n:failed"},
    {"options", "dhcp --wait 5", "dhcp --timeout 5"},
    {"options", "iseq ${a} = b", "iseq ${a} b"},
    {"options", "sanunhook --drive high", "sanunhook --drive ${drive}"},
    {"options", "ifopen eth0", "ifopen net0 net1-20 ${netX}"},
    {"options", "prompt --key Enter x", "prompt --key 0x197e x"},
    {"options", "sleep 1s", "sleep ${n}"},
    {"options", "set a=b", "set a b=c"},
    {"quotes", "set a \"b\"", "set a b=\"c\""},
    {"same-secret", "set password abcdefghijklm\nset reverse-password abcdefghijklm\nsanboot iscsi:a::::iqn.2000-01.b:c",
     "set password abcdefghijklm\nset reverse-password nopqrstuvwxyz\nsanboot iscsi:a::::iqn.2000-01.b:c"},
    {"secret-length", "set password short\nsanboot ${uri}", "set password short\nsanboot http://a/b.iso"},
    {"secret-length", "set net0/password abcdefghijklmnopq\nsanboot", "set password ${secret}\nset password abcdefghijkl\nsanboot"},
    {"setting-name", "echo ${net0/gw}", "echo ${net0/gateway}\nset net0/mine x\necho ${net0/mine} ${net0/43.116}"},
    {"setting-name", "set eth0/ip 1.2.3.4", "set net0.dhcp/ip 1.2.3.4\nset net${n}/ip 1.2.3.4\necho ${pci/${busloc}.0.2} ${smbios/1.4.0}"},
    {"setting-name", "clear net0/", "clear net0/ip"},
    {"setting-type", "echo ${mac:hexhypen}", "echo ${mac:hexhyp} ${net${n}/mac:hexraw} ${${a}:uristring}"},
    {"setting-type", "set a:int 5", "set a:int8 5"},
    {"setting-value", "set net0/ip 10.0.0", "set net0/ip 10.0.0.1"},
    {"setting-value", "set a:int8 many", "set a many"},
    {"spelling", "set boot_url x\nchain ${boot-url}", "set boot_url x\nset boot-url y\nchain ${boot-url} ${disk1}\nset disk2 x"},
    {"spelling", "set arch x\necho ${ARCH}", "set arch x\necho ${marching}"},
    {"stray-next", "echo\nnext a", "for a in 1 2\nnext a && echo done"},
    {"stray-next", "next a\nfor a in 1\nnext a", "for a in 1 2\nisset ${x} && next a ||\necho\nnext a"},
    {"stray-next", "for a in 1 2\nnext a\nnext a", "for a in 1 2\nnext a\nfor a in 3\nnext a"},
    {"stray-next", "for a in 1 2\necho\nnext ${a}", "for a in 1\n  for b in 2\n  next b\n:l next a"},
    {"test-ends-script", "iseq ${a} b && set c d\necho", "iseq ${a} b && set c d ||\necho"},
    {"test-ends-script", "isset ${a} && exit\necho", "isset ${a}\ndhcp && exit\nisset ${a} && exit"},
    {"unclosed", "echo ${net0/mac", "echo ${net0/mac} $ { }"},
    {"unclosed", "echo ${my name}", "echo ${}"},
    {"unclosed-for", "for a in 1 2\necho ${a}", "for a in 1 2\necho ${a}\nnext a"},
    {"unclosed-for", "for a in 1 2\nnext b", "for a in 1 2\n:end next a"},
    {"unclosed-for", "for a in 1 2\necho && next a", "isset ${x} && for a in 1 2 ||\nnext a"},
    {"unclosed-for", "next a\nfor a in 1", "for ${x} in 1 2\nnext y"},
    {"unknown-command", "isseq a a", "${command} a"},
    {"unknown-command", "// a comment", "# a comment"},
    {"unreachable", "goto a\necho\n:a", "goto a\n:b\necho\n:a\ngoto b"},
    {"unreachable", "isset ${x} && goto a || goto b\necho\n:a\n:b", "isset ${x} && goto a ||\necho\n:a\nexit\nexit 1"},
    {"unset", "echo ${mine}", "set mine x\necho ${mine} ${ip} ${43.116} ${pci/0.0.2}"},
    {"unused-choice", "menu x\nitem one\nchoose t", "menu x\nitem one\nchoose t\necho ${${t}}"},
    {"unused-label", ":a\necho", ":a\ngoto ${b}"},
    {"uri", "sanboot iscsi:a::1:3260:iqn.2000-01.b:c", "sanboot iscsi:a::3260:1:iqn.2000-01.b:c"},
    {"uri", "sanboot iscsi:a:tcp:port:0:iqn.2000-01.b:c", "sanboot iscsi:a:tcp:${port}:0:iqn.2000-01.b:c"},
    {"uri", "sanhook iscsi:a::::disk", "sanhook iscsi:a::::${base:string}:disk"},
    {"uri", "sanboot iscsi://a/iqn.2000-01.b:c", "sanboot ${base}:disk"},
    {"uri", "set root-path iscsi:a:iqn.2000-01.b:c", "set root-path nfs:a:/b"},
    {"uri", "chain http:/a/b", "chain http://a/b"},
    {"uri", "chain http:///b", "chain http://${next-server}:${port}/b"},
    {"uri", "chain tftp://a\\b", "chain ${base}\\b"},
    {"uri", "kernel nfs://a/b", "kernel b"},
    {"uri", "initrd tftp://10.0.0.1", "initrd tftp://10.0.0.1/x"},
};

bool finds(std::string_view check, std::string_view script) {
    Options options;
    options.only = {std::string(check)};
    if (check == "feature") options.features = "san";
    std::string text(script);
    bool is_whole = check == "bom" || check == "no-shebang" || check == "bad-line";
    if (!is_whole) text = "#!ipxe\n" + text + (text.ends_with('\\') ? "" : "\n");
    return !check_script(text, options).empty();
}

// Most examples have no zero bytes: those that do say so by their check.
std::string_view text_of(const Example& example, const char* text) {
    if (example.bad == text && std::string_view(example.check) == "bad-line") return {text, 15};
    return text;
}

TEST(Lint, FindsWhatEachCheckIsFor) {
    for (const Example& example : kExamples)
        EXPECT_TRUE(finds(example.check, text_of(example, example.bad))) << example.check << "\n" << example.bad;
}

TEST(Lint, LeavesWhatIsRightAlone) {
    for (const Example& example : kExamples)
        EXPECT_FALSE(finds(example.check, text_of(example, example.good))) << example.check << "\n" << example.good;
}

TEST(Lint, HasAnExampleOfEachCheck) {
    std::set<std::string_view> shown;
    for (const Example& example : kExamples) {
        EXPECT_TRUE(find_check(example.check)) << example.check;
        shown.insert(example.check);
    }
    for (const Check& check : checks()) {
        EXPECT_TRUE(shown.contains(check.name)) << check.name;
        EXPECT_FALSE(check.help.empty() || check.help.ends_with('.')) << check.name;
    }
}

TEST(Lint, SaysWhereAndWhat) {
    auto findings = check_script("#!ipxe\necho a \\\n  b\nisseq a b\ngoto starts\n:start\n", {});
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[0].line, 4u);
    EXPECT_EQ(findings[0].message, "no such command: isseq (is it iseq?)");
    EXPECT_EQ(findings[1].line, 5u);
    EXPECT_EQ(findings[1].message, "goto starts: no such label (is it start?)");
}

TEST(Lint, KeepsNotesToItself) {
    Options options;
    EXPECT_TRUE(check_script("#!ipxe\n:a\necho ${mine}\n", options).empty());
    options.notes = true;
    EXPECT_EQ(check_script("#!ipxe\n:a\necho ${mine}\n", options).size(), 2u);
    options.ignored = {"unset"};
    EXPECT_EQ(check_script("#!ipxe\n:a\necho ${mine}\n", options).size(), 1u);
}

TEST(Lint, TakesTemplatesForWhatTheyAre) {
    EXPECT_TRUE(check_script("#!ipxe\n{{if .Local}}\nexit\n{{else}}\nkernel {{.Kernel}} a={{ .A }}\nboot\n{{end}}\n", {}).empty());
}

TEST(Lint, KnowsWhatAWordCouldBe) {
    EXPECT_TRUE(could_be("${a}", "anything"));
    EXPECT_TRUE(could_be("a${b}c${d}", "axcx"));
    EXPECT_FALSE(could_be("a${b}c${d}", "xcx"));
    EXPECT_FALSE(could_be("a${b}c", "a"));
    EXPECT_TRUE(could_be("a${b${c}}", "abc"));
    EXPECT_TRUE(could_be("abc", "abc"));
    EXPECT_FALSE(could_be("abc", "abcd"));
    EXPECT_EQ(expansions("a${b${c}}${d").size(), 3u);
    EXPECT_EQ(with_values("a${b${c}}d", "1"), "a1d");
}

}  // namespace
}  // namespace lint
