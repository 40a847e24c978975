// Turns the layout of arch::Resident into NASM constants: compiled to assembly only, and the lines marked "->" are picked
// out by arch/build.mk.
#include "arch/resident/nbp_block.h"
#include "arch/resident/resident.h"
#include "arch/stage/handover.h"
#include "arch/stage/packed.h"
#include "arch/stage/unpack.h"
#include "drivers/e1000_registers.h"

#define VALUE(name, value) asm volatile("\n.ascii \"->" name " %c0\"" ::"i"(value))
#define MEMBER(member) VALUE("Resident." #member, __builtin_offsetof(arch::Resident, member))
#define REGISTER(member) VALUE("RealRegisters." #member, __builtin_offsetof(arch::RealRegisters, member))
#define NBP(member) VALUE("NbpBlock." #member, __builtin_offsetof(arch::NbpBlock, member))
#define PACKED(member) VALUE("Packed." #member, __builtin_offsetof(arch::PackedHeader, member))
#define LINUX(member) VALUE("LinuxHandover." #member, __builtin_offsetof(arch::LinuxHandover, member))
#define PLACE(member) VALUE("Placement." #member, __builtin_offsetof(arch::Placement, member))

void layout() {
    MEMBER(linear);
    MEMBER(image_entry);
    MEMBER(esp32);
    MEMBER(pm_target);
    MEMBER(rm_target);
    MEMBER(gdt_register);
    MEMBER(idt_register);
    MEMBER(heap_base);  // for tests/qemu/stack
    MEMBER(caller_idt);
    MEMBER(sp16);
    MEMBER(busy);
    MEMBER(int13_chain);
    MEMBER(leave_by_int18);
    MEMBER(leave_sp16);
    MEMBER(boot_esp32);
    MEMBER(boot_sp16);
    MEMBER(memory_ranges);
    MEMBER(routine);
    MEMBER(target);
    MEMBER(call);
    MEMBER(boot_stack);
    MEMBER(caller);
    MEMBER(caller_frame);
    MEMBER(caller_stack);
    MEMBER(caller_reason);
    MEMBER(video_count);
    MEMBER(e801);
    MEMBER(extended_kib);
    MEMBER(old_int13);
    MEMBER(old_int15);
    MEMBER(old_int18);
    MEMBER(old_int19);
    MEMBER(entries);
    MEMBER(ranges);
    MEMBER(video);
    MEMBER(stack16);
    VALUE("E1000.Rctl", static_cast<unsigned>(drivers::e1000::Register::Rctl));
    VALUE("E1000.receive", drivers::e1000::kReceive);
    VALUE("Resident.size", sizeof(arch::Resident));
    VALUE("Resident.stack16_size", sizeof(arch::Resident::stack16));
    REGISTER(eax);
    REGISTER(ebx);
    REGISTER(ecx);
    REGISTER(edx);
    REGISTER(esi);
    REGISTER(edi);
    REGISTER(ebp);
    REGISTER(ds);
    REGISTER(es);
    REGISTER(flags);
    VALUE("kCode32", arch::kCode32);
    VALUE("kData32", arch::kData32);
    VALUE("kCode16", arch::kCode16);
    VALUE("kData16", arch::kData16);
    VALUE("kCanary", arch::kCanary);
    PACKED(size);
    PACKED(resident_size);
    VALUE("Packed.sizeof", sizeof(arch::PackedHeader));
    VALUE("kPackedRoom", arch::kPackedRoom);
    VALUE("Unpack.lzma", arch::kLzmaMemory);
    VALUE("Unpack.mixing", arch::kMixingMemory);
    VALUE("Unpack.stage_room", arch::kStageRoom);
    PLACE(packed);
    PLACE(resident);
    PLACE(memory_base);
    PLACE(memory_end);
    PLACE(boot_device);
    PLACE(origin);
    PLACE(base_memory_kib);
    PLACE(extra_kib);
    PLACE(handover);
    LINUX(initrd);
    LINUX(initrd_size);
    LINUX(command_line);
    VALUE("Placement.sizeof", sizeof(arch::Placement));
    NBP(pxenv);
    NBP(old_int1a);
    VALUE("NbpBlock.sizeof", sizeof(arch::NbpBlock));
    VALUE("kOriginOptionRom", static_cast<int>(arch::Origin::OptionRom));
    VALUE("kOriginPxe", static_cast<int>(arch::Origin::Pxe));
    VALUE("kNoPciDevice", arch::kNoPciDevice);
    VALUE("kCdBlocks", static_cast<int>(arch::kCdBlocks));
    VALUE("kOriginDisk", static_cast<int>(arch::Origin::Disk));
    VALUE("kOriginLinuxKernel", static_cast<int>(arch::Origin::LinuxKernel));
}
