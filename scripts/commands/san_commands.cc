// sanhook, sanboot, sanunhook: the commands about SAN drives.
#include "scripts/booting.h"
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

// --drive, or the san-drive setting, or the first hard disk.
static std::uint8_t drive_number(Invocation& call) {
    auto preset =
        static_cast<std::uint64_t>(call.system.settings.number("san-drive"sv, san::DriveTable::kFirstDrive));
    return static_cast<std::uint8_t>(call.number("drive", preset));
}

static util::Result<void> check_drive(Invocation& call) {
    call.about(call.text("drive"));
    if (call.number("drive", 0) > 0xff) return san::kBadDriveNumber;
    return {};
}

static Describe describe(Invocation& call) {
    return call.has("no-describe") ? Describe::No : Describe::Yes;
}

util::Result<void> run_sanhook(Invocation& call) {
    TRY(check_drive(call));
    call.about(call.argument(0));
    return call.system.san.hook(drive_number(call), call.arguments, describe(call));
}

util::Result<void> run_sanunhook(Invocation& call) {
    TRY(check_drive(call));
    util::Text<8> number;
    call.about(number.format("0x%02x", drive_number(call)).view());
    return call.system.san.unhook(drive_number(call));
}

util::Result<void> run_sanboot(Invocation& call) {
    TRY(check_drive(call));
    call.about(call.argument(0));
    SanBoot boot{drive_number(call), call.arguments, describe(call)};
    boot.keep = call.has("keep") ? Keep::Yes : Keep::AsSet;
    return san_boot(call.system, boot);
}

}  // namespace scripts
