// The examples of docs/ print what the pages say they print, and name no command or option that is not there.
//
// They run in a small world: net0 with a DHCP, TFTP, HTTP and iSCSI server at the other end of the cable.
#include <gtest/gtest.h>
#include <platform/console.h>

#include "tests/host/screen_picture.h"
#include "tests/unit/net/http_fake.h"
#include "tests/unit/scripts/docs_examples.h"
#include "tests/unit/scripts/test_system.h"
#include "tests/unit/scripts/test_wire.h"

namespace scripts {
namespace {

using namespace std::string_view_literals;

// TCP to wherever: a web server at port 80, an iSCSI target everywhere else.
struct Servers final : net::Connector {
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint& remote) override {
        constexpr std::uint16_t kHttp = 80;
        if (remote.port == kHttp) return web.connect(remote);
        return target.connect(remote);
    }
    net::FakeHttp web;
    fake::Target target;
};

// A virtual machine's: system information and its strings.
constexpr auto kSmbios =
    "\x01\x1b\x01\x00\x01\x02\x00\x03"
    "\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x06\x00\x00"
    "QEMU\0Standard PC\0S1234\0\0"
    "\x7f\x04\x02\x00\0\0"sv;

// Two devices: a bridge at 00:00.0 and a NIC at 00:03.0.
std::uint8_t read_pci(std::uint16_t function, std::uint8_t offset) {
    constexpr auto bridge = "\x86\x80\x37\x12"sv, nic = "\x86\x80\x0e\x10"sv;
    std::string_view registers = function == 0 ? bridge : function == 0x18 ? nic : ""sv;
    return offset < registers.size() ? static_cast<std::uint8_t>(registers[offset]) : registers.empty() ? 0xff : 0;
}

struct World {
    World() {
        host::reset();
        host::set_clock_chip(1'796'000'000);  // certificates have a beginning
        host::machine() = {};
        host::machine().smbios = kSmbios;
        for (unsigned lun : {0u, 1u}) {
            fake::Unit& unit = servers.target.units[lun];
            unit.blocks = 2048;
            unit.disk.resize(2048 * 512);
        }
        loop.add(servers.target);
        loop.add(servers.web);
        servers.web.answer = [this](const std::string& request, auto&) { return answer(request); };
        EXPECT_TRUE(stack.add(server.end()).ok());
    }
    ~World() {
        for (std::size_t i = 0; i < stack.interface_count(); ++i) stack.interface(i).close();
    }
    std::string answer(const std::string& request) {
        std::string path = request.substr(0, request.find(" HTTP/"));
        path = path.substr(path.find(' ') + 2);
        auto file = server.files.find(path.substr(0, path.find('?')));
        bool found = file != server.files.end();
        std::string body = found ? file->second : "";
        return std::string(found ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found") + "\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + (request.rfind("HEAD", 0) == 0 ? "" : body);
    }
    // "filename=x 12=box 175=hex:010101 silent=1"
    void serve(const std::string& words) {
        std::istringstream in(words);
        for (std::string word; in >> word;) {
            std::string name = word.substr(0, word.find('=')), value = word.substr(word.find('=') + 1);
            if (name == "filename") {
                server.boot_file = value;
            } else if (name == "silent") {
                server.silent = true;
            } else if (value.rfind("hex:", 0) == 0) {
                util::String bytes;
                EXPECT_TRUE(parse_setting(SettingType::Hex, value.substr(4), bytes).ok()) << words;
                server.options[static_cast<std::uint8_t>(std::stoul(name))] = bytes.view();
            } else {
                server.options[static_cast<std::uint8_t>(std::stoul(name))] = value;
            }
        }
    }
    void run(const std::string& text) {
        EXPECT_TRUE(system.start().ok());
        util::Vector<std::byte> bytes;
        for (char c : text) (void)bytes.push(static_cast<std::byte>(c));
        Image* image = system.images.add("example", "", std::move(bytes)).take();
        try {
            (void)system.engine.run_script(*image);
        } catch (const host::Rebooted&) {
            host::console_output() += "(the machine restarts)\n";
        }
    }

    static constexpr std::size_t kPackets = 256;
    alignas(64) std::byte memory[kPackets * net::PacketBuffer::kStride];
    util::Loop loop;
    HostRandom random;
    Servers servers;
    net::PacketPool packets{memory};
    net::Stack stack{loop, packets, random};
    net::UdpDatagrams datagrams{stack};
    san::DriveTable drives{loop};
    System system{{.loop = loop, .stack = stack, .connector = servers, .datagrams = datagrams, .random = random, .drives = drives,
                   .read_pci = read_pci}};
    TestServer server{loop, random, {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, 0x18};
};

// "yes\r{down}": characters, with \r \t \e for Enter, Tab and Escape, and names of other keys in braces.
void type(const std::string& keys) {
    const std::map<std::string, int> names = {
        {"up", platform::kKeyUp},     {"down", platform::kKeyDown}, {"home", platform::kKeyHome}, {"end", platform::kKeyEnd},
        {"left", platform::kKeyLeft}, {"right", platform::kKeyRight}, {"Ctrl-B", platform::kCtrlB}, {"Ctrl-C", platform::kCtrlC},
        {"F12", platform::kKeyF1 + 11}, {"Backspace", 8}};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i] == '\\' && i + 1 < keys.size()) {
            ++i;
            host::type_key(keys[i] == 'r' ? '\r' : keys[i] == 't' ? '\t' : keys[i] == 'e' ? 0x1b : keys[i]);
        } else if (std::size_t end = keys.find('}', i); keys[i] == '{' && end != keys.npos) {
            ASSERT_TRUE(names.count(keys.substr(i + 1, end - i - 1))) << keys;
            host::type_key(names.at(keys.substr(i + 1, end - i - 1)));
            i = end;
        } else {
            host::type_key(keys[i]);
        }
    }
}

// Text as it stands in the end, where "\r" and erasing have overwritten some of it, and menus have cleared the screen.
std::string settled(const std::string& output) {
    std::string text, line;
    std::size_t column = 0;
    util::AnsiParser parser;
    for (char c : output) {
        auto event = parser.feed(c);
        if (event == util::AnsiParser::Event::Command && parser.command() == 'K') line.resize(std::min(line.size(), column));
        if (event == util::AnsiParser::Event::Command && parser.command() == 'J') {
            text.clear();
            line.clear();
            column = 0;
        }
        if (event != util::AnsiParser::Event::Character) continue;
        if (c == '\n') {
            text += line + "\n";
            line.clear();
        }
        if (c == '\n' || c == '\r') column = 0;
        if (c == '\b' && column) --column;
        if (static_cast<unsigned char>(c) < ' ') continue;
        if (line.size() <= column) line.resize(column + 1, ' ');
        line[column++] = c;
    }
    return text + line;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::string with_mark(const std::string& script) { return script.rfind("#!", 0) == 0 ? script : "#!ipxe\n" + script; }

TEST(Docs, ExamplesPrintWhatThePagesSay) {
    ASSERT_TRUE(std::filesystem::is_directory("docs")) << "to be run from the project's folder";
    unsigned runs = 0;
    for (const auto& path : docs::pages()) {
        docs::Page page = docs::read_page(path);
        for (const docs::Example& example : page.examples) {
            if (!example.is_run()) continue;
            ++runs;
            auto world = std::make_unique<World>();
            world->serve(example.server);
            for (auto& [name, content] : page.files) world->server.files[name] = content;
            type(example.keys);
            world->run(with_mark(example.script));
            bool is_screen = !example.screen.empty();
            std::string seen = is_screen ? host::ScreenPicture(host::console_output()).before_clearing().text() : settled(host::console_output());
            std::string wanted = is_screen ? example.screen : example.output;
            // A screen's empty lines on top say nothing.
            auto lines = docs::lines_of(seen), wanted_lines = docs::lines_of(wanted);
            while (is_screen && !lines.empty() && lines.front().empty()) lines.erase(lines.begin());
            EXPECT_TRUE(docs::matches(lines, wanted_lines)) << example.place << " prints\n" << joined(lines) << "and not\n" << wanted;
        }
    }
    EXPECT_GT(runs, 0u);
}

// Options and the number of arguments; values that are not known before it runs are taken as they are.
void check_line(World& world, const std::string& place, std::string_view line) {
    WordReader words(line);
    std::vector<std::string_view> command;
    for (Word word = words.next();; word = words.next()) {
        if (word.kind == WordKind::Plain) {
            command.push_back(word.text);
            continue;
        }
        if (!command.empty() && command[0].find('$') == std::string_view::npos) {
            const Command* found = find_command(command[0]);
            EXPECT_NE(found, nullptr) << place << ": there is no command " << command[0];
            if (!found) return;
            Invocation call(world.system, *found);
            auto parsed = call.parse(std::span(command).subspan(1));
            bool is_unknown = !parsed.ok() && &parsed.failure() == &kBadOptionValue && line.find("${") != line.npos;
            EXPECT_TRUE(parsed.ok() || is_unknown) << place << ": " << line << ": " << (parsed.ok() ? "" : parsed.failure().text);
        }
        command.clear();
        if (word.kind == WordKind::End) return;
    }
}

TEST(Docs, ScriptsUseCommandsAndOptionsThatAreThere) {
    World world;
    for (const auto& path : docs::pages()) {
        docs::Page page = docs::read_page(path);
        std::vector<std::pair<std::string, std::string>> scripts;
        for (const docs::Example& example : page.examples)
            if (!example.is_run()) scripts.emplace_back(example.place, example.script);
        for (auto& [name, content] : page.files)
            if (is_script(content)) scripts.emplace_back(path.string() + ": " + name, content);
        for (auto& [place, script] : scripts) {
            LineReader lines(script);
            while (!lines.at_end()) check_line(world, place, lines.next().value().text);
        }
    }
}

}  // namespace
}  // namespace scripts
