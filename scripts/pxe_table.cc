// The table of what knows PXE services: one row, or none.
#include "embed/select_rows.h"
#include "scripts/pxe.h"

namespace scripts {

namespace {

constexpr PxeService kServices[] = {{"PXE services", begin_pxe_services, complete_proxy_offer, await_proxy_offer, choose_from_pxe_menu}};

constexpr embed::Belongs kOptional[] = {{"PXE services", "pxemenu"}};
constexpr auto kSelected = embed::select_rows<kServices, kOptional>();

}  // namespace

bool begin_pxe(System& system) {
    for (const PxeService& service : kSelected) return service.begin(system);
    return true;
}

void complete_proxy(System& system, Nic& nic) {
    for (const PxeService& service : kSelected) service.complete(system, nic);
}

void await_proxy(System& system, const SettingReference& reference) {
    for (const PxeService& service : kSelected) service.await(system, reference);
}

util::Result<PxeChoice> choose_by_pxe(System& system, Nic& nic) {
    for (const PxeService& service : kSelected) return service.choose(system, nic);
    return PxeChoice::Settings;
}

}  // namespace scripts
