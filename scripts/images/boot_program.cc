// Programs that are loaded to 0:7C00 as they are: network boot programs (PXE 2.1 section 4.4.5) and boot sectors (IBM PC, BIOS
// Boot Specification). Both get what either looks at: platform::boot() adds the PXE structures. They may return.
#include "scripts/images/formats.h"
#include "scripts/images/layout.h"

namespace scripts {

static constexpr std::uint16_t kLoadAddress = 0x7c00;
static constexpr std::size_t kSignatureAt = 510, kLargestBootSector = 0x8000;

// Not the first sectors of a kernel or an EFI program that is cut off.
bool probe_boot_sector(util::Bytes content) {
    return content.size() > kSignatureAt + 1 && content.size() <= kLargestBootSector &&
           util::Reader(content.subspan(kSignatureAt)).be16() == 0x55aa &&
           !util::as_text(content).starts_with("MZ");
}

// A network boot program has no mark of its own: whatever is small enough and looks like nothing else.
bool probe_boot_program(util::Bytes content) {
    return likeness(content).empty();
}

util::Result<void> plan_boot_program(const BootRequest& request, BootPlan& plan) {
    Layout layout(plan);
    plan.entry = BootPlan::Entry::RealMode;
    plan.returns = BootPlan::Returns::Perhaps;
    plan.ip = plan.sp = kLoadAddress;
    plan.edx = request.drive;
    TRY(layout.put(kLoadAddress, static_cast<std::uint32_t>(request.content.size()), request.content));
    return layout.arrange();
}

}  // namespace scripts
