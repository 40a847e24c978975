// The command table: every command there is, sorted, at a glance.
#include "embed/select_rows.h"
#include "scripts/commands/table.h"

namespace scripts {

namespace {

using enum OptionKind;

template <std::size_t N>
consteval std::array<Option, N> options(const Option (&rows)[N]) {
    return embed::without_help(std::to_array(rows));
}

constexpr auto kEchoOptions = options({{"n", 'n', Flag, "no line end"}});
constexpr auto kPromptOptions = options({
    {"key", 'k', Text, "the key to wait for, as a character or code (0x02 is Ctrl-B)"},
    {"timeout", 't', Number, "milliseconds to wait; for ever without"},
});
constexpr auto kConfigureOptions = options({
    {"configurator", 'c', Text, "only \"dhcp\" there is"},
    {"timeout", 't', Number, "milliseconds to be patient"},
});
constexpr auto kTimeoutOption = options({{"timeout", 't', Number, "milliseconds to wait; for ever without"}});
constexpr Option kName = {"name", 'n', Text, "the image's name"};
constexpr Option kFetchTimeout = {"timeout", 't', Number, "milliseconds without data after which it fails"};
constexpr Option kAutofree = {"autofree", 'a', Flag, "free the image when it has run"};
constexpr auto kChainOptions = options({
    kName,
    kFetchTimeout,
    kAutofree,
    {"replace", 'r', Flag, "end this script and run that one instead"},
});
constexpr auto kExtractOptions = options({kName, kFetchTimeout, kAutofree, {"keep", 'k', Flag, "keep the packed image as well"}});
constexpr auto kKernelOptions = options({kName, kFetchTimeout, kAutofree});
constexpr auto kFetchOptions = options({
    kName,
    kFetchTimeout,
    kAutofree,
    {"mode", 'm', Text, "of the file that it is for the kernel, as mode=755 behind the path"},
});
constexpr Option kDrive = {"drive", 'd', Number, "BIOS drive number; 0x80 without"};
constexpr Option kNoDescribe = {"no-describe", 'n', Flag, "leave it out of the iBFT"};
constexpr auto kHookOptions = options({kDrive, kNoDescribe});
constexpr auto kBootOptions = options({
    kDrive,
    kNoDescribe,
    {"keep", 'k', Flag, "keep the drive when booting fails"},
    {"filename", 'f', Text, "for UEFI only: ignored"},
    {"extra", 'e', Text, "for UEFI only: ignored"},
    {"label", 'l', Text, "for UEFI only: ignored"},
    {"uuid", 'u', Text, "for UEFI only: ignored"},
});
constexpr auto kUnhookOptions = options({kDrive});
constexpr auto kCpuOptions = options({
    {"ext", 'e', Flag, "look at the extended features"},
    {"ecx", 'c', Flag, "look at ECX, not EDX"},
});
constexpr auto kRebootOptions = options({
    {"warm", 'w', Flag, "without a memory test"},
    {"setup", 's', Flag, "for UEFI only"},
});
constexpr auto kDigestOptions = options({{"set", 's', Text, "the setting that gets it, instead of showing it"}});
constexpr auto kMemoryImageOptions = options({kName});
constexpr auto kImgsetOptions = options({kFetchTimeout, {"keep", 'k', Flag, "keep the image that was fetched"}});

constexpr auto kNamedOptions = options({
    {"name", 'n', Text, "its name, when there are several"},
    {"delete", 'd', Flag, "remove it"},
});
constexpr auto kItemOptions = options({
    {"menu", 'm', Text, "the menu that gets it"},
    {"form", 'f', Text, "the form that gets it"},
    {"key", 'k', Text, "the key that chooses it at once"},
    {"default", 'd', Flag, "what is chosen if nobody moves"},
    {"gap", 'g', Flag, "text that cannot be chosen"},
    {"secret", 's', Flag, "a field whose text is not shown"},
});
constexpr auto kChooseOptions = options({
    {"menu", 'm', Text, "the menu's name"},
    {"default", 'd', Text, "the item to begin with"},
    {"timeout", 't', Number, "milliseconds until it is chosen; 0: never"},
    {"retimeout", 'r', Number, "the same after a key; without, a key ends the countdown"},
    {"strict", 's', Flag, "keys do not stop the countdown"},
    {"keep", 'k', Flag, "keep the menu for another time"},
});
constexpr auto kPresentOptions = options({
    {"form", 'f', Text, "the form's name"},
    {"keep", 'k', Flag, "keep the form for another time"},
});
constexpr auto kColourOptions = options({
    {"basic", 'b', Number, "0 to 7 as on a terminal, 9: the console's own, 15: blue, or a picture"},
    {"rgb", 'r', Number, "0xRRGGBB, for consoles that can show it"},
});
constexpr auto kConsoleOptions = options({
    {"x", 'x', Number, "pixels across, at least"},
    {"y", 'y', Number, "pixels down, at least"},
    {"depth", 'd', Number, "bits a pixel, at least"},
    {"left", 'l', Number, "pixels left of the text"},
    {"right", 'r', Number, "pixels right of the text"},
    {"top", 't', Number, "pixels above the text"},
    {"bottom", 'b', Number, "pixels below the text"},
    {"picture", 'p', Text, "PNG picture behind the text"},
    {"keep", 'k', Flag, "keep the picture's image"},
});
constexpr auto kPairOptions = options({
    {"foreground", 'f', Number, "number of a colour"},
    {"background", 'b', Number, "number of a colour"},
});

constexpr auto kParamOptions = options({
    {"params", 'p', Text, "the list that gets it"},
    {"header", 'H', Flag, "a header field, instead of one of the form"},
});
constexpr auto kJsonOptions = options({{"keys", 'k', Flag, "an object's names, or an array's numbers from 0, instead of the value"}});
constexpr auto kMatchOptions = options({{"ignore-case", 'i', Flag, "small and capital letters are the same"}});
constexpr auto kPingOptions = options({
    {"size", 's', Number, "bytes of each question, 64 without"},
    {"count", 'c', Number, "questions; without, until Ctrl-C"},
    {"timeout", 't', Number, "milliseconds from one to the next, 1000 without"},
    {"quiet", 'q', Flag, "say nothing"},
});

constexpr auto kVlanOptions = options({
    {"tag", 't', Number, "the VLAN's id, 0 to 4094"},
    {"priority", 'p', Number, "of what is sent, 0 to 7; 0 without"},
});
constexpr Option kSubject = {"subject", 's', Text, "only those of that name, common or alternative"};
constexpr auto kSubjectOption = options({kSubject});
constexpr auto kStoreOptions = options({
    kSubject,
    {"keep", 'k', Flag, "keep the image that was fetched"},
    {"trust", 't', Flag, "trust them, and what they have issued"},
});
constexpr auto kTrustOptions = options({
    {"allow", 'a', Flag, "run images that are not trusted as well"},
    {"permanent", 'p', Flag, "for good: nothing changes it any more"},
});
constexpr auto kVerifyOptions = options({
    kName,
    kFetchTimeout,
    {"signer", 's', Text, "who must have signed it, by common or alternative name"},
    {"keep", 'k', Flag, "keep the signature that was fetched"},
});
constexpr auto kImgstat = embed::has_feature(embed::kSelection, "https") ? run_imgstat_with_trust : run_imgstat;

constexpr std::uint8_t kAny = Command::kAnyNumber;
constexpr const char* kChainUsage = "[--name <name>] [--autofree] [--replace] [<uri or image> [<argument>...]]";
constexpr const char* kKernelUsage = "[--name <name>] [--autofree] <uri or image> [<argument>...]";
constexpr const char* kFetchUsage = "[--name <name>] [--autofree] <uri> [<argument or path in the initrd>...]";
constexpr const char* kInterfaces = "[<interface>...]";
constexpr const char* kDhcpUsage = "[--configurator <configurator>] [--timeout <ms>] [<interface>...]";
constexpr const char* kLinkUsage = "[--timeout <ms>] [<interface>...]";
constexpr const char* kDigestUsage = "[--set <setting>] <uri or image>...";

// clang-format off
constexpr Command kCommands[] = {
    {"autoboot",   kInterfaces,            "boot as DHCP says",                     {}, 0, kAny, Report::Loud,  run_autoboot},
    {"boot",       kChainUsage,            "run an image",                          kChainOptions, 0, kAny, Report::Loud, run_chain},
    {"calc",       "<setting> <expression>...", "compute with whole numbers", {}, 2, kAny, Report::Loud, run_calc},
    {"call",       "<label> [<argument>...]", "run the lines from a label up to return", {}, 1, 10, Report::Loud, run_call},
    {"certfree",   "[--subject <name>]",   "forget certificates",                   kSubjectOption, 0, 0, Report::Loud, run_certfree},
    {"certstat",   "[--subject <name>]",   "list the certificates",                 kSubjectOption, 0, 0, Report::Loud, run_certstat},
    {"certstore",  "[--subject <name>] [--keep] [--trust] <uri or image>", "add to the certificates", kStoreOptions, 1, 1, Report::Loud, run_certstore},
    {"chain",      kChainUsage,            "run an image",                          kChainOptions, 0, kAny, Report::Loud, run_chain},
    {"choose",     "[--menu <menu>] [--default <item>] [--timeout <ms>] [--keep] <setting>", "show a menu", kChooseOptions, 1, 1, Report::Quiet, run_choose},
    {"clear",      "<setting>",            "clear a setting",                       {}, 1, 1,    Report::Loud,  run_clear},
    {"colour",     "[--basic <basic>] [--rgb <rgb>] <colour>", "say what a colour's number means", kColourOptions, 1, 1, Report::Loud, run_colour},
    {"config",     "[<scope>]",            "look through the settings, and change them", {}, 0, 1, Report::Loud, run_config},
    {"console",    "[--x <pixels>] [--y <pixels>] [--depth <bits>] [--left <pixels>] [--right <pixels>] [--top <pixels>] [--bottom <pixels>] [--picture <uri or image>] [--keep]", "set graphics mode and background, or leave it", kConsoleOptions, 0, 0, Report::Loud, run_console},
    {"cpair",      "[--foreground <colour>] [--background <colour>] <pair>", "set the colours of menus", kPairOptions, 1, 1, Report::Loud, run_cpair},
    {"cpuid",      "[--ext] [--ecx] <bit>", "succeed when the processor has a feature", kCpuOptions, 1, 1, Report::Quiet, run_cpuid},
    {"dhcp",       kDhcpUsage,             "configure interfaces by DHCP",          kConfigureOptions, 0, kAny, Report::Loud, run_dhcp},
    {"echo",       "[-n] [<text>...]",     "print text",                            kEchoOptions, 0, kAny, Report::Loud, run_echo, true},
    {"exit",       "[<status>]",           "leave the script or shell",             {}, 0, 1,    Report::Loud,  run_exit},
    {"for",        "<setting> in [<value or range>...]", "run the lines up to next for each value", {}, 2, kAny, Report::Loud, run_for},
    {"form",       "[--name <name>] [--delete] [<title>...]", "begin a form",     kNamedOptions, 0, kAny, Report::Loud, run_form},
    {"goto",       "<label>",              "go on at a label of the script",        {}, 1, 1,    Report::Quiet, run_goto},
    {"help",       "[<command>]",          "list the commands, or explain one",     {}, 0, 1,    Report::Loud,  run_help},
    {"ifclose",    kInterfaces,            "close interfaces",                      {}, 0, kAny, Report::Loud,  run_ifclose},
    {"ifconf",     kDhcpUsage,             "configure interfaces by DHCP",          kConfigureOptions, 0, kAny, Report::Loud, run_dhcp},
    {"iflinkwait", kLinkUsage,             "wait for a link",                       kTimeoutOption, 0, kAny, Report::Loud, run_iflinkwait},
    {"ifopen",     kInterfaces,            "open interfaces",                       {}, 0, kAny, Report::Loud,  run_ifopen},
    {"ifstat",     kInterfaces,            "show interfaces",                       {}, 0, kAny, Report::Loud,  run_ifstat},
    {"imgargs",    kKernelUsage,           "set an image's arguments",              kKernelOptions, 1, kAny, Report::Loud, run_imgargs},
    {"imgexec",    kChainUsage,            "run an image",                          kChainOptions, 0, kAny, Report::Loud, run_chain},
    {"imgextract", "[--name <name>] [--keep] <uri or image>", "unpack an image",   kExtractOptions, 1, 1, Report::Loud, run_imgextract},
    {"imgfetch",   kFetchUsage,            "fetch an image",                        kFetchOptions, 1, kAny, Report::Loud, run_imgfetch},
    {"imgfree",    "[<image>]",            "free an image, or all",                 {}, 0, 1,    Report::Loud,  run_imgfree},
    {"imgload",    kKernelUsage,           "choose what boot starts",               kKernelOptions, 1, kAny, Report::Loud, run_kernel},
    {"imgmem",     "[--name <name>] <address> <length>", "make an image of what is in memory", kMemoryImageOptions, 2, 2, Report::Loud, run_imgmem},
    {"imgselect",  kKernelUsage,           "choose what boot starts",               kKernelOptions, 1, kAny, Report::Loud, run_kernel},
    {"imgset",     "[--keep] [--timeout <ms>] <setting> <uri or image>", "give a setting what is in an image", kImgsetOptions, 2, 2, Report::Loud, run_imgset},
    {"imgstat",    "",                     "list the images",                       {}, 0, 0,    Report::Loud,  kImgstat},
    {"imgtrust",   "[--allow] [--permanent]", "run nothing but images that are trusted", kTrustOptions, 0, 0, Report::Loud, run_imgtrust},
    {"imgverify",  "[--name <name>] [--timeout <ms>] [--signer <name>] [--keep] <uri or image> <signature>", "trust an image that is signed", kVerifyOptions, 2, 2, Report::Loud, run_imgverify},
    {"inc",        "<setting> [<number>]", "add to a setting's number",             {}, 1, 2,    Report::Loud,  run_inc},
    {"include",    "<uri or image>", "run another script as a part of this one", {}, 1, 1, Report::Loud, run_include},
    {"initrd",     kFetchUsage,            "fetch an image",                        kFetchOptions, 1, kAny, Report::Loud, run_imgfetch},
    {"ipstat",     "",                     "show how many packets went through",    {}, 0, 0,    Report::Loud,  run_ipstat},
    {"is",         "<expression>...", "succeed when a comparison of numbers is true", {}, 1, kAny, Report::Quiet, run_is, true},
    {"iseq",       "<text> <text>",        "succeed when both are the same",        {}, 2, 2,    Report::Quiet, run_iseq},
    {"isset",      "<text>",               "succeed when it is not empty",          {}, 0, 1,    Report::Quiet, run_isset},
    {"item",       "[--key <key>] [--default] [--gap] [--secret] [<item> [<text>...]]", "add to a menu or form", kItemOptions, 0, kAny, Report::Loud, run_item},
    {"json",       "[--keys] <setting> <uri or image> <path>", "look up a value in a JSON text", kJsonOptions, 3, 3, Report::Loud, run_json},
    {"kernel",     kKernelUsage,           "choose what boot starts",               kKernelOptions, 1, kAny, Report::Loud, run_kernel},
    {"login",      "[<title>...]",         "ask for username and password",         {}, 0, kAny, Report::Loud,  run_login},
    {"match",      "[--ignore-case] <pattern> <text> [<setting>...]", "succeed when a text matches a pattern, and tell what its stars stand for", kMatchOptions, 2, kAny, Report::Quiet, run_match},
    {"md5sum",     kDigestUsage,           "show MD5 checksums of images",          kDigestOptions, 1, kAny, Report::Loud, run_digest},
    {"menu",       "[--name <name>] [--delete] [<title>...]", "begin a menu",     kNamedOptions, 0, kAny, Report::Loud, run_menu},
    {"module",     kFetchUsage,            "fetch an image",                        kFetchOptions, 1, kAny, Report::Loud, run_imgfetch},
    {"next",       "<setting>", "end the lines of a for", {}, 1, 1, Report::Loud, run_next},
    {"nslookup",   "<setting> <name>",     "look up a name's address",              {}, 2, 2,    Report::Loud,  run_nslookup},
    {"nstat",      "",                     "show the neighbours on the network",    {}, 0, 0,    Report::Loud,  run_nstat},
    {"ntp",        "<server>",             "set the clock by an NTP server",        {}, 1, 1,    Report::Loud,  run_ntp},
    {"param",      "[--params <list>] [--header] <key> [<value>...]", "add to what is sent by HTTP", kParamOptions, 1, kAny, Report::Loud, run_param},
    {"params",     "[--name <list>] [--delete]", "begin a list of what is sent by HTTP", kNamedOptions, 0, 0, Report::Loud, run_params},
    {"pciscan",    "<setting>",            "find the next PCI device",              {}, 1, 1,    Report::Quiet, run_pciscan},
    {"ping",       "[--size <bytes>] [--count <number>] [--timeout <ms>] [--quiet] <host>", "ask a host whether it is there", kPingOptions, 1, 1, Report::Loud, run_ping},
    {"poweroff",   "",                     "switch the machine off",                {}, 0, 0,    Report::Loud,  run_poweroff},
    {"present",    "[--form <form>] [--keep]", "show a form",                       kPresentOptions, 0, 0, Report::Loud, run_present},
    {"prompt",     "[--key <key>] [--timeout <ms>] [<text>...]", "wait for a key",  kPromptOptions, 0, kAny, Report::Quiet, run_prompt},
    {"pxebs",      "<interface> <type>",   "find a PXE boot server",                {}, 2, 2,    Report::Loud,  run_pxebs},
    {"read",       "[--timeout <ms>] <setting>", "type a setting's value",          kTimeoutOption, 1, 1, Report::Loud, run_read},
    {"reboot",     "[--warm] [--setup]",   "restart the machine",                   kRebootOptions, 0, 0, Report::Loud, run_reboot},
    {"replace",    "<setting> <text> <pattern> [<replacement>]", "replace every place in a text", {}, 3, 4, Report::Loud, run_replace},
    {"return",     "[<status>]", "leave what call or include runs", {}, 0, 1, Report::Loud, run_return},
    {"route",      "",                     "show addresses and routes",             {}, 0, 0,    Report::Loud,  run_route},
    {"sanboot",    "[--drive <drive>] [--no-describe] [--keep] [<uri>...]", "boot from a SAN drive", kBootOptions, 0, kAny, Report::Loud, run_sanboot},
    {"sanhook",    "[--drive <drive>] [--no-describe] <uri>...", "attach a SAN drive", kHookOptions, 1, kAny, Report::Loud, run_sanhook},
    {"sanunhook",  "[--drive <drive>]",    "detach a SAN drive",                    kUnhookOptions, 0, 0, Report::Loud, run_sanunhook},
    {"set",        "<setting> [<value>...]", "set a setting",                       {}, 1, kAny, Report::Loud,  run_set},
    {"sha1sum",     kDigestUsage,           "show SHA-1 checksums of images",        kDigestOptions, 1, kAny, Report::Loud, run_digest},
    {"sha224sum",   kDigestUsage,           "show SHA-224 checksums of images",      kDigestOptions, 1, kAny, Report::Loud, run_digest},
    {"sha256sum",   kDigestUsage,           "show SHA-256 checksums of images",      kDigestOptions, 1, kAny, Report::Loud, run_digest},
    {"sha384sum",   kDigestUsage,           "show SHA-384 checksums of images",      kDigestOptions, 1, kAny, Report::Loud, run_digest},
    {"sha512sum",   kDigestUsage,           "show SHA-512 checksums of images",      kDigestOptions, 1, kAny, Report::Loud, run_digest},
    {"shell",      "",                     "start the shell",                       {}, 0, 0,    Report::Loud,  run_shell},
    {"show",       "<setting>",            "print a setting",                       {}, 1, 1,    Report::Loud,  run_show},
    {"sleep",      "<seconds>",            "wait",                                  {}, 1, 1,    Report::Loud,  run_sleep},
    {"substr",     "<setting> <text> <start> [<length>]", "cut a piece out of a text", {}, 3, 4, Report::Loud, run_substr},
    {"sync",       "",                     "wait for what goes on (nothing does)",  kTimeoutOption, 0, 0, Report::Loud, run_sync},
    {"time",       "<command> [<argument>...]", "run a command, and tell how long it took", {}, 1, kAny, Report::Loud, run_time},
    {"trap",       "[<label>]", "go on at a label when a line fails, once", {}, 0, 1, Report::Loud, run_trap},
    {"vcreate",    "--tag <id> [--priority <priority>] [<interface>]", "make an interface on a VLAN", kVlanOptions, 0, 1, Report::Loud, run_vcreate},
    {"vdestroy",   "<interface>...",       "remove an interface on a VLAN",         {}, 1, kAny, Report::Loud,  run_vdestroy},
};
// clang-format on

constexpr bool is_sorted() {
    for (std::size_t i = 1; i < std::size(kCommands); ++i)
        if (std::string_view(kCommands[i - 1].name) >= kCommands[i].name) return false;
    return true;
}
static_assert(is_sorted());

// Commands that are part of a feature.
constexpr embed::Belongs kOptional[] = {
    {"certfree", "https"}, {"certstat", "https"}, {"certstore", "https"}, {"imgtrust", "https", true}, {"imgverify", "https", true},
    {"choose", "menus"}, {"colour", "menus"}, {"config", "config"}, {"console", "graphics"}, {"cpair", "menus"}, {"form", "menus"}, {"imgargs", "linux"},
    {"imgextract", "gzip"}, {"imgload", "linux"}, {"imgmem", "tools"}, {"imgselect", "linux"}, {"imgset", "tools"}, {"initrd", "linux"},
    {"item", "menus"}, {"kernel", "linux"}, {"login", "menus"}, {"menu", "menus"}, {"module", "linux"},
    {"param", "http"}, {"params", "http"}, {"pciscan", "tools"}, {"ping", "tools"}, {"present", "menus"}, {"pxebs", "pxemenu"},
    {"read", "menus"}, {"cpuid", "tools"}, {"nslookup", "tools"}, {"sync", "tools"}, {"time", "tools"}, {"ipstat", "tools"}, {"nstat", "tools"}, {"ntp", "tools"},
    {"md5sum", "hashes"}, {"sha1sum", "hashes"}, {"sha224sum", "hashes"}, {"sha256sum", "hashes"}, {"sha384sum", "hashes"},
    {"sha512sum", "hashes"},
    {"vcreate", "vlan"}, {"vdestroy", "vlan"},
    {"calc", "words"}, {"is", "words"}, {"json", "words"}, {"match", "words"}, {"replace", "words"}, {"substr", "words"},
    {"call", "words"}, {"for", "words"}, {"include", "words"}, {"next", "words"}, {"return", "words"}, {"trap", "words"},
};
constexpr auto kSelected = embed::select_rows<kCommands, kOptional>();
constexpr auto kMissing = embed::missing_rows<kOptional>();

// Of the established firmware's public reference, what no image has: scripts that test for it take the other way.
struct Absent {
    std::string_view name;
    std::string_view what;
};
constexpr Absent kAbsent[] = {
    {"fcels", "Fibre Channel"},    {"fcstat", "Fibre Channel"},   {"fdt", "device trees"},        {"gdbstub", "debugger"},       {"ibstat", "InfiniBand"},
    {"imgdecrypt", "decryption"},  {"iwlist", "wireless networks"},
    {"iwstat", "wireless networks"}, {"lotest", "loopback tests"}, {"md4sum", "MD4"}, {"profstat", "profiling"},     {"shim", "UEFI"},
    {"usbscan", "USB"},
};

}  // namespace

std::span<const Command> commands() { return kSelected; }

std::string_view feature_of_command(std::string_view name) {
    for (const embed::Belongs& row : kOptional)
        if (name == row.row) return row.feature;
    return {};
}

void explain_missing_command(std::string_view name, util::TextSink& target) {
    std::string_view feature = embed::feature_of_missing(kMissing.data(), name);
    if (!feature.empty()) {
        target.text(" in this image: it was built without the feature ").text(feature);
        return;
    }
    if constexpr (embed::has_feature(embed::kSelection, "tools")) {
        for (const Absent& absent : kAbsent) {
            if (name != absent.name) continue;
            target.text(": this firmware has no ").text(absent.what);
            return;
        }
        std::string_view nearest = nearest_command(name);
        if (!nearest.empty()) target.text(" (is it ").text(nearest).text("?)");
    }
}

}  // namespace scripts
