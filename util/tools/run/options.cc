#include "util/tools/run/options.h"

#include <cstdio>
#include <iostream>

#include "util/text.h"
#include "util/tools/run/finished.h"

namespace run {

namespace {

constexpr unsigned kLeastMemory = 16, kMostMemory = 3584;

void print_help() {
    std::puts(
        "Usage: sanpiper-run [OPTION]... SCRIPT\n"
        "Runs a boot script (#!ipxe) on Linux, as the firmware would, and prints what would be started in the end instead of\n"
        "starting it. The network is a user network (libslirp): DHCP gives 10.0.2.15, the host's loopback is 10.0.2.2, and\n"
        "everything beyond is reached through it. Logins to iSCSI targets and downloads are real.\n"
        "\n"
        "  --set NAME=VALUE   a setting, before the script runs; more than once for several\n"
        "  --answer TEXT      what is answered when the script waits for a person: a menu item's label, or a line for read and login.\n"
        "                     More than once for several; then it is the standard input's turn\n"
        "  --tftp DIR         what is served by TFTP at 10.0.2.2; without, the script's folder\n"
        "  --boot-file NAME   the filename that DHCP gives\n"
        "  --no-dhcp          the script finds no network configured, as one that is built into an image does\n"
        "  --no-network       there is no NIC\n"
        "  --nic MAC          the NIC's address; 52:54:00:12:34:56 without\n"
        "  --memory MIB       the machine's memory; 1024 without\n"
        "  --pcap FILE        writes all frames there, for wireshark\n"
        "  --trust FILE       certificates of authorities that HTTPS trusts, PEM or DER; more than once for several\n"
        "  --timeout SECONDS  ends the run\n"
        "  --help             this\n"
        "\n"
        "Exit code: 0 the script succeeded or something would be started, 1 it failed, 2 wrong usage, 124 time was up,\n"
        "130 Ctrl-C.");
}

std::optional<net::MacAddress> parse_mac(const std::string& text) {
    net::MacAddress mac;
    unsigned bytes[6];
    int end = 0;
    if (std::sscanf(text.c_str(), "%2x:%2x:%2x:%2x:%2x:%2x%n", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4], &bytes[5], &end) != 6) return {};
    if (static_cast<std::size_t>(end) != text.size() || bytes[0] & 1) return {};
    for (std::size_t i = 0; i < 6; ++i) mac.octets[i] = static_cast<std::uint8_t>(bytes[i]);
    return mac;
}

bool take_number(const std::string& text, unsigned least, unsigned most, unsigned& number) {
    auto value = util::parse_decimal(text);
    if (!value || *value < least || *value > most) return false;
    number = static_cast<unsigned>(*value);
    return true;
}

// What is wrong with it; empty: nothing.
std::string take_option(Options& options, const std::string& name, const std::string& value) {
    if (name == "--set") {
        std::size_t equals = value.find('=');
        if (equals == 0 || equals == value.npos) return "--set takes NAME=VALUE";
        options.settings.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    } else if (name == "--answer") {
        options.answers.push_back(value);
    } else if (name == "--tftp") {
        options.tftp = value;
    } else if (name == "--boot-file") {
        options.boot_file = value;
    } else if (name == "--pcap") {
        options.capture = value;
    } else if (name == "--nic") {
        auto mac = parse_mac(value);
        if (!mac) return "not a NIC's address: " + value;
        options.mac = *mac;
    } else if (name == "--memory") {
        if (!take_number(value, kLeastMemory, kMostMemory, options.memory)) return "not 16 to 3584 MiB: " + value;
    } else if (name == "--trust") {
        options.trusted.push_back(value);
    } else if (name == "--timeout") {
        if (!take_number(value, 1, 1000000, options.timeout)) return "not a number of seconds: " + value;
    } else {
        return "no such option: " + name;
    }
    return {};
}

// One word, and the next where it is an option's value. What is wrong; empty: nothing.
std::string take_word(Options& options, const std::vector<std::string>& arguments, std::size_t& at) {
    const std::string& word = arguments[at];
    if (!word.starts_with('-')) {
        if (!options.script.empty()) return "more than one script: " + word;
        options.script = word;
    } else if (word == "--no-network") {
        options.has_network = false;
    } else if (word == "--no-dhcp") {
        options.has_lease = false;
    } else if (std::size_t equals = word.find('='); equals != word.npos) {
        return take_option(options, word.substr(0, equals), word.substr(equals + 1));
    } else if (at + 1 == arguments.size()) {
        std::string wrong = take_option(options, word, "");
        return wrong.starts_with("no such") ? wrong : word + " needs a value";
    } else {
        return take_option(options, word, arguments[++at]);
    }
    return {};
}

}  // namespace

std::optional<Options> parse_options(const std::vector<std::string>& arguments, int& code) {
    Options options;
    std::string wrong;
    for (std::size_t at = 0; at < arguments.size() && wrong.empty(); ++at) {
        if (arguments[at] == "--help" || arguments[at] == "-h") {
            print_help();
            code = kWell;
            return {};
        }
        wrong = take_word(options, arguments, at);
    }
    if (wrong.empty() && options.script.empty()) wrong = "no script is named";
    if (wrong.empty()) return options;
    std::cerr << "sanpiper-run: " << wrong << "\nTry: sanpiper-run --help\n";
    code = kWrongUsage;
    return {};
}

}  // namespace run
