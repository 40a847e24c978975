#include "scripts/booting.h"

#include <platform/boot.h>

#include <cstring>

#include "scripts/cd_boot.h"
#include "scripts/expand.h"
#include "scripts/fetching.h"
#include "scripts/images/starting.h"
#include "scripts/pxe.h"
#include "scripts/san_schemes.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

QuietNics::QuietNics(System& system, const Nic* but) : system_(system) {
    system.close_display();
    system.fetch_context.close_connections();
    for (auto& nic : system.network.nics()) {
        if (nic.get() == but || !nic->interface.is_open() || system.san.uses(nic->interface)) continue;
        nic->interface.close();
        closed_ |= 1u << nic->interface.index();
    }
    for (const auto& hooked : system.san.hooked()) hooked.device->quiesce();
}

QuietNics::~QuietNics() {
    for (auto& nic : system_.network.nics())
        if (closed_ >> nic->interface.index() & 1) (void)nic->interface.open();
}

namespace {

util::Result<void> boot_drive(System& system, std::uint8_t drive) {
    QuietNics quiet(system);
    util::print("Booting from BIOS drive 0x%02x\n", drive);
    san::Drive* ours = system.parts.drives.find(drive);
    bool is_cd = ours && ours->block_geometry().is_cdrom;
    auto result = is_cd ? boot_cd(system, *ours) : platform::boot_drive(drive);
    if (&result.failure() == &platform::kGaveBack) system.images.free_ram();
    return result;
}

// A root path may be something else, for the system that is booted (an NFS path).
bool is_san_path(std::string_view path) {
    return find_san_scheme(path) != nullptr;
}

util::Result<void> boot_file(System& system, std::string_view filename) {
    Image* image = TRY(fetch_image(system, filename, {}));
    if (platform::is_running_image(util::as_bytes(image->content()))) return kNamesUs;
    // From here on Ctrl-B is the script's.
    auto cancel = system.loop.cancel();
    system.loop.set_cancel(util::Loop::Cancel::ByCtrlC);
    auto result = start_image(system, *image);
    system.loop.set_cancel(cancel);
    return result;
}

// Runs the commands that the setting has, as a script of its own. False: there are none, or they are running.
util::Result<bool> run_scriptlet(System& system) {
    util::String text = TRY(util::String::from("#!ipxe\n"));
    std::size_t magic = text.size();
    if (system.runs_scriptlet || !TRY(system.settings.append_text("scriptlet"sv, text))) return false;
    std::string_view commands = text.view().substr(magic);
    if (commands.empty()) return false;
    util::print("Scriptlet: %v\n", &commands);
    util::Vector<std::byte> content;
    TRY(content.resize(text.size()));
    std::memcpy(content.data(), text.view().data(), text.size());
    Image* image = TRY(system.images.add("scriptlet", {}, std::move(content)));
    image->free_after_use();
    // From here on Ctrl-B is the script's.
    auto cancel = system.loop.cancel();
    system.loop.set_cancel(util::Loop::Cancel::ByCtrlC);
    system.runs_scriptlet = true;
    auto status = system.engine.run_script(*image);
    system.runs_scriptlet = false;
    system.loop.set_cancel(cancel);
    if (!status.ok()) return status.failure();
    return true;
}

// What a setting says, expanded: servers send "${mac}.ipxe".
util::Result<util::String> expanded(Settings& settings, std::string_view name, const char* label) {
    util::String value, text;
    TRY(settings.append_text(name, value));
    TRY(expand(settings, value.view(), text));
    std::string_view shown = text.view();
    if (!shown.empty()) util::print("%s: %v\n", label, &shown);
    return text;
}

// Says what there is to boot, as people know it from the established firmware, and boots it.
util::Result<void> boot_as_configured(System& system, Nic& nic) {
    complete_proxy(system, nic);
    if (has_rare_settings() && TRY(run_scriptlet(system))) return {};
    if (TRY(choose_by_pxe(system, nic)) == PxeChoice::Local) return {};
    (void)expanded(system.settings, "next-server"sv, "Next server");
    util::String filename = TRY(expanded(system.settings, "filename"sv, "Filename"));
    util::String root_path = TRY(expanded(system.settings, "root-path"sv, "Root path"));
    std::string_view file = filename.view(), root = root_path.view();
    auto drive = static_cast<std::uint8_t>(system.settings.number("san-drive"sv, san::DriveTable::kFirstDrive));
    if (!file.empty()) {
        // With both, the drive is there for what the file starts, an installer say.
        if (is_san_path(root)) TRY(system.san.hook(drive, {&root, 1}, Describe::Yes));
        auto result = boot_file(system, file);
        if (is_san_path(root) && !system.settings.number("keep-san"sv, 0)) (void)system.san.unhook(drive);
        // A server that cannot tell us from the ROM that loads us means the drive for us.
        if (result.ok() || &result.failure() != &kNamesUs || !is_san_path(root)) return result;
        util::print("%s\n", kNamesUs.text);
    }
    if (root.empty()) return kNothingToBoot;
    return san_boot(system, {drive, {&root, 1}});
}

}  // namespace

util::Result<void> san_boot(System& system, const SanBoot& boot) {
    if (!boot.uris.empty()) TRY(system.san.hook(boot.drive, boot.uris, boot.describe));
    if (system.settings.number("skip-san-boot"sv, 0)) {
        util::print("Not booting from it, as skip-san-boot is set\n");
        return {};
    }
    auto result = boot_drive(system, boot.drive);
    bool keep = boot.keep == Keep::Yes || system.settings.number("keep-san"sv, 0);
    if (!keep && !boot.uris.empty()) (void)system.san.unhook(boot.drive);
    return result;
}

util::Result<void> auto_boot(System& system, std::span<Nic* const> nics) {
    util::Vector<Nic*> left;
    for (Nic* nic : nics) TRY(left.push(nic));
    while (!left.empty()) {
        auto nic = system.network.configure(left.span(), Network::Wanted::BootInformation);
        if (nic.ok()) print_routes(nic.value()->interface);
        auto result = nic.ok() ? boot_as_configured(system, *nic.value()) : util::Result<void>(nic.failure());
        if (result.ok()) return result;
        if (&result.failure() == &util::kCancelled) return result;
        std::string_view name = nic.ok() ? nic.value()->name() : "autoboot"sv;
        util::print("%v: %s\n", &name, result.failure().text);
        if (!nic.ok()) break;
        for (std::size_t i = 0; i < left.size(); ++i)
            if (left[i] == nic.value()) left.erase(i--);
        if (!system.san.uses(nic.value()->interface)) nic.value()->close();
    }
    return kDidNotBoot;
}

}  // namespace scripts
