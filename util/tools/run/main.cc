// sanpiper-run: a boot script on Linux, over a user network. Makes the machine's parts, as arch/main.cc does for a real one, and runs
// one script on them.
#include <platform/clock.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "net/transport/tcp.h"
#include "net/transport/udp_datagrams.h"
#include "scripts/system.h"
#include "tests/host/boot.h"
#include "tests/host/host.h"
#include "tests/host/memory.h"
#include "scripts/https.h"
#include "tests/host/slirp_link.h"
#include "util/tools/run/deadline.h"
#include "util/tools/run/finished.h"
#include "util/tools/run/keyboard.h"
#include "util/tools/run/options.h"
#include "util/tools/run/report.h"

namespace run {
namespace {

constexpr std::size_t kPacketMemory = 2 << 20;  // as a real machine has at most

class KernelRandom final : public net::Random {
    void fill(util::MutableBytes target) override {
        if (getrandom(target.data(), target.size(), 0) != static_cast<ssize_t>(target.size())) std::abort();
    }
};

class Machine {
  public:
    explicit Machine(const Options& options) : options_(options) {
        if (options.has_network) {
            link_ = std::make_unique<host::SlirpLink>(packets_, slirp_options());
            if (!stack_.add(*link_).ok()) std::abort();
        }
        host::use_real_time([this](util::Instant until) {
            check_deadline();
            link_ ? link_->wait(until) : Keyboard::wait(until);
        });
        stack_.set_protocol(net::Tcp::kProtocol, tcp_);
    }
    // The link takes its hook along; sessions are closed before that.
    ~Machine() { system.san.unhook_all(); }

  private:
    std::string tftp_folder() const {
        if (options_.tftp) return *options_.tftp;
        auto folder = std::filesystem::absolute(options_.script).parent_path();
        return folder.string();
    }
    host::SlirpOptions slirp_options() const {
        host::SlirpOptions slirp;
        slirp.tftp_directory = tftp_folder();
        slirp.boot_file = options_.boot_file;
        slirp.capture = options_.capture;
        slirp.mac = options_.mac;
        if (isatty(STDIN_FILENO)) slirp.watched = STDIN_FILENO;
        return slirp;
    }

    const Options& options_;
    alignas(64) std::byte memory_[kPacketMemory];
    KernelRandom random_;
    util::Loop loop_;
    net::PacketPool packets_{memory_};
    std::unique_ptr<host::SlirpLink> link_;
    net::Stack stack_{loop_, packets_, random_};
    net::Tcp tcp_{stack_, loop_, random_};
    net::UdpDatagrams datagrams_{stack_};
    san::DriveTable drives_{loop_};

  public:
    scripts::System system{{loop_, stack_, tcp_, datagrams_, random_, drives_}};
};

void watch_for_the_end(scripts::System& system) {
    host::Machine& machine = host::machine();
    machine.on_boot = [&](const scripts::BootPlan& plan) {
        report_boot(system, plan);
        throw Finished{kWell};
    };
    machine.on_boot_drive = [&](std::uint8_t drive) {
        report_drive(system, drive);
        throw Finished{kWell};
    };
    machine.on_power_off = [] {
        std::puts("\nWould switch the machine off.");
        throw Finished{kWell};
    };
}

util::Result<util::Vector<std::byte>> read_file(const std::string& name) {
    util::Vector<std::byte> bytes;
    std::FILE* file = std::fopen(name.c_str(), "rb");
    if (!file) return util::kNotFound;
    for (int c; (c = std::fgetc(file)) != EOF;) TRY(bytes.push(static_cast<std::byte>(c)));
    bool failed = std::ferror(file);
    std::fclose(file);
    if (failed) return util::kNotFound;
    return bytes;
}

util::Result<void> set(scripts::System& system, const std::string& name, const std::string& value) {
    return system.settings.set(TRY(scripts::SettingReference::parse(name)), value);
}

util::Result<void> trust(scripts::System& system, const std::string& name) {
    auto file = TRY(read_file(name));
    return scripts::https_of(system).store().add(util::Bytes(file.span()), net::Trust::BuiltIn);
}

// What a script that DHCP has named finds done.
util::Result<void> configure(scripts::System& system) {
    std::string_view about;
    auto nics = TRY(system.network.select({}, about));
    auto* nic = TRY(system.network.configure(nics.span(), scripts::Network::Wanted::BootInformation));
    scripts::print_routes(nic->interface);
    return {};
}

int run_script(scripts::System& system, const Options& options, util::Vector<std::byte> script) {
    if (!system.start().ok()) return kFailed;
    for (const std::string& name : options.trusted)
        if (auto done = trust(system, name); !done.ok()) {
            std::cerr << "sanpiper-run: --trust " << name << ": " << done.failure().text << '\n';
            return kWrongUsage;
        }
    for (const auto& [name, value] : options.settings)
        if (auto done = set(system, name, value); !done.ok()) {
            std::cerr << "sanpiper-run: --set " << name << ": " << done.failure().text << '\n';
            return kWrongUsage;
        }
    if (options.has_network && options.has_lease)
        if (auto done = configure(system); !done.ok()) {
            std::cerr << "sanpiper-run: " << done.failure().text << '\n';
            return kFailed;
        }
    std::string name = std::filesystem::path(options.script).filename().string();
    // Where it would have come from: names in it are beside it.
    std::string uri = options.has_network && options.has_lease ? "tftp://10.0.2.2/" + name : "";
    auto image = system.images.add(name, uri, std::move(script));
    if (!image.ok()) return kFailed;
    auto result = system.engine.run_script(*image.value());
    if (!result.ok() && &result.failure() == &scripts::kNotScript) std::cerr << "sanpiper-run: " << options.script << ": it does not begin with #!ipxe\n";
    if (system.settings.number("keep-san", 0)) report_left_drives(system);
    if (result.ok()) return kWell;
    return &result.failure() == &util::kCancelled ? kInterrupted : kFailed;
}

int run(const Options& options) {
    auto script = read_file(options.script);
    if (!script.ok()) {
        std::cerr << "sanpiper-run: " << options.script << ": cannot be read\n";
        return kWrongUsage;
    }
    host::set_memory_end(options.memory << 20);
    host::machine().memory = std::uint64_t{options.memory} << 20;
    host::echo_console_to_stdout();
    if (winsize size{}; ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row) host::set_console_size({size.ws_col, size.ws_row});
    start_deadline(options.timeout);
    int code;
    auto machine = std::make_unique<Machine>(options);
    Keyboard keyboard(machine->system, options.answers);
    try {
        watch_for_the_end(machine->system);
        code = run_script(machine->system, options, script.take());
    } catch (const Finished& finished) {
        code = finished.code;
    } catch (const host::Rebooted&) {
        std::puts("\nWould restart the machine.");
        code = kWell;
    }
    if (code == kTimedOut) std::cerr << "\nsanpiper-run: stopped after " << options.timeout << " s\n";
    stop_deadline();
    return code;
}

}  // namespace
}  // namespace run

int main(int argc, char** argv) {
    int code = run::kWell;
    auto options = run::parse_options({argv + 1, argv + argc}, code);
    return options ? run::run(*options) : code;
}
