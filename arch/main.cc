// The composition root: makes the firmware's parts and connects them. Nothing else belongs here.
#include <platform/boot.h>
#include <platform/clock.h>
#include <platform/console.h>
#include <platform/random.h>

#include "arch/bios/entry.h"
#include "arch/bios/machine.h"
#include "drivers/drivers.h"
#include "util/text.h"

namespace arch {

static void initialise_machine() {
    Resident& block = resident();
    clock_initialise();
    console_initialise();
    heap_initialise({physical<std::byte>(block.heap_base), block.memory_end - block.heap_base});
    memory_map_hide();
    random_initialise();
}

static void list_nics() {
    for (auto nic = drivers::find_nic({}); nic; nic = drivers::find_next_nic(*nic))
        util::print("PCI %02x:%02x.%x %v %v\n", nic->address.busdevfn >> 8, nic->address.busdevfn >> 3 & 31,
                    nic->address.busdevfn & 7, &nic->entry->chip.driver, &nic->entry->chip.name);
}

void main() {
    initialise_machine();
    util::print("\nSanpiper\n");
    list_nics();
    give_back_machine();
}

}  // namespace arch
