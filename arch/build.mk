# Firmware images: make bin/<what>[+<features>].<format> [EMBED=script] [TRUST=certificates]
#
# All C++ is compiled once for link-time optimisation; an image is linked from it together with its own driver table and
# embedded script, packed, and put behind the prefix of its format (arch/prefix/<format>.asm).

FW := $(BUILD)/fw
FW_CXX := g++
FW_TARGET := -m32 -march=i486 -mtune=generic -fno-pic -no-pie -mno-sse -mno-mmx -mno-80387 -fcf-protection=none
FW_FLAGS = $(FW_TARGET) -std=c++20 -Oz -I. -Iarch/include -fno-exceptions -fno-rtti -fno-threadsafe-statics \
	-fno-use-cxa-atexit -freg-struct-return -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections \
	-fdata-sections -fomit-frame-pointer -fno-math-errno -mpreferred-stack-boundary=2 -fmerge-all-constants \
	-mstringop-strategy=libcall -fno-ident -mregparm=3 -mrtd -frandom-seed=$@ -ffile-prefix-map=$(CURDIR)/= -Wall -Wextra -Werror -Wno-missing-field-initializers
# Functions with buffers (util::Buffer, util::Text). -strong adds those with any local variable that has an address: 300 of them in a ROM, in
# which nothing can overflow, for 700 bytes.
FW_PROTECTED := -fstack-protector --param=ssp-buffer-size=4
FW_LTO := -flto
# What gcc does to be quick, at the cost of code that packs worse: it spreads equal instruction sequences among others
# and folds functions into each other. Together 6% of a ROM (tests/bench/SIZES.md).
FW_FLAGS += -fno-schedule-insns2 -fno-tree-vrp -fno-tree-ch -fno-tree-tail-merge -fno-shrink-wrap \
	-fno-optimize-sibling-calls -fno-inline-functions-called-once -fno-ipa-cp -fno-caller-saves -fno-code-hoisting
# What was in an object's memory before its constructor counts: make_owned has zeroed it.
FW_FLAGS += -flifetime-dse=1

FW_PARTS := util net drivers san embed scripts
# Tables of what an image has: its drivers, compiled for each image; and rows that belong to features, and code that asks for them,
# for each choice of those.
FW_PER_IMAGE := drivers/drivers.cc
FW_PER_FEATURES := net/fetch/schemes.cc net/fetch/stream_schemes.cc net/ip/ipv4_count.cc net/link_addresses.cc scripts/cd_table.cc scripts/characters.cc \
	scripts/command_table.cc scripts/completion.cc scripts/completion_sources.cc scripts/engine.cc scripts/lexer.cc scripts/images/format_table.cc scripts/pxe_table.cc scripts/san_schemes.cc scripts/service_table.cc \
	scripts/settings/features_scope.cc scripts/settings/scope_table.cc scripts/settings/setting_table.cc scripts/settings/type_table.cc \
	scripts/start_table.cc
FW_SOURCES := $(filter-out $(FW_PER_IMAGE) $(FW_PER_FEATURES) util/tools/%,$(foreach p,$(FW_PARTS),$(wildcard $(p)/*.cc $(p)/*/*.cc))) \
	$(wildcard arch/bios/*.cc)
FW_OBJECTS := $(FW_SOURCES:%.cc=$(FW)/%.o) $(FW)/arch/resident/nbp_block.o
# Called by code that the compiler makes up at link time, so not to be optimised away before.
FW_RUNTIME := $(patsubst %.cc,$(FW)/%.o,$(wildcard arch/runtime/*.cc)) $(patsubst %.asm,$(FW)/%.o,$(wildcard arch/runtime/*.asm))
# Packers: what unpacks them (arch/stage/unpack.h). Small images are packed with mixing, which takes time and memory to unpack;
# formats not named here with LZMA. PACKER=lzma makes ROMs for slow machines and such with little memory.
UNPACKERS_lzma := arch/stage/unpack_lzma util/lzma util/x86_filter util/addresses
UNPACKERS_mixing := arch/stage/unpack_mixing util/mixing util/mixing_model util/x86_branches util/x86_parser util/addresses
# Where size counts, the stage is packed, too.
OPENING_mixing := $(FW)/opening.bin
PACKERS := lzma mixing
PACKER ?=
PACKED_SMALL := rom isarom pxe kpxe kkpxe
packer = $(or $(PACKER),$(if $(filter $(1),$(PACKED_SMALL)),mixing,lzma))

FW_FORMATS := $(patsubst arch/prefix/%.asm,%,$(wildcard arch/prefix/*.asm))

$(FW)/%.o: %.cc arch/build.mk
	@mkdir -p $(@D)
	@echo "  CXX firmware $<"
	@$(FW_CXX) $(FW_FLAGS) $(FW_PROTECTED) $(FW_LTO) -MMD -MP -c -o $@ $<
$(FW)/arch/runtime/%.o: arch/runtime/%.cc arch/build.mk
	@mkdir -p $(@D)
	@$(FW_CXX) $(FW_FLAGS) -fno-stack-protector -fno-builtin -fno-tree-loop-distribute-patterns -MMD -MP -c -o $@ $<
$(FW)/arch/runtime/%.o: arch/runtime/%.asm
	@mkdir -p $(@D)
	@nasm -f elf32 -Wall -Werror -o $@ $<
$(FW)/arch/resident/%.o: arch/resident/%.asm $(FW)/layout.inc
	@mkdir -p $(@D)
	@nasm -f elf32 -Wall -Werror -I $(FW)/ -o $@ $<
# Position independent, and nothing but code. Arguments in registers: nobody else is called.
FW_STAGE_FLAGS = $(FW_FLAGS) -fpie -fno-stack-protector -fno-builtin -fno-tree-loop-distribute-patterns -fno-jump-tables \
	-mstringop-strategy=rep_byte -fvisibility=hidden $(FW_LTO)
$(FW)/stage/%.o: %.cc arch/build.mk
	@mkdir -p $(@D)
	@$(FW_CXX) $(FW_STAGE_FLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(FW) -name '*.d' 2>/dev/null)

# The loader stage and the resident part are the same in every image.
$(FW)/opening.bin: arch/stage/opening.asm $(FW)/layout.inc
	@nasm -f bin -Wall -Werror -I $(FW)/ -o $@ $<
define stage
$(FW)/stage-$(1).elf: $(FW)/stage/arch/stage/stage.o $(patsubst %,$(FW)/stage/%.o,$(UNPACKERS_$(1))) arch/stage/stage.ld
	@$$(FW_CXX) $$(FW_STAGE_FLAGS) -flto-partition=one -nostdlib -static \
		-Wl,--emit-relocs,--gc-sections,--build-id=none,-z,norelro,-T,arch/stage/stage.ld -o $$@ $$(filter %.o,$$^)
endef
$(foreach p,$(PACKERS),$(eval $(call stage,$(p))))
$(FW)/layout.inc: arch/resident/offsets.cc arch/resident/resident.h arch/resident/nbp_block.h $(wildcard arch/stage/*.h util/*.h) \
		net/wire/pxe.h drivers/e1000_registers.h
	@mkdir -p $(@D)
	@$(FW_CXX) $(FW_FLAGS) -S -o $@.s $<
	@sed -n 's/.*"->\([^ ]*\) \([0-9-]*\)".*/\1 equ \2/p' $@.s > $@
$(FW)/resident.bin: arch/resident/resident.asm $(wildcard arch/resident/*.inc) arch/prefix/a20.inc $(FW)/layout.inc
	@nasm -f bin -Wall -Werror -I arch/resident/ -I arch/prefix/ -I $(FW)/ -o $@ arch/resident/resident.asm

# Host tools.
HOST_TOOL = g++ -std=c++20 -O2 -g -I. -Itests/host $(WARNINGS)
$(BUILD)/tools/%: util/tools/%.cc
	@mkdir -p $(@D)
	@echo "  HOST $@"
	@$(HOST_TOOL) -o $@ $(filter %.cc,$^) -llzma
$(BUILD)/tools/order_image $(BUILD)/tools/list_drivers $(patsubst util/tools/%.cc,$(BUILD)/tools/%,$(wildcard util/tools/finish_*.cc)): \
	util/tools/elf_image.cc util/tools/elf_image.h
PACKING_SOURCES := util/tools/elf_image.cc util/tools/packed_image.cc util/tools/mixing_pack.cc util/tools/stage_pack.cc \
	$(patsubst %,%.cc,$(sort $(filter util/%,$(foreach p,$(PACKERS),$(UNPACKERS_$(p))))))
$(BUILD)/tools/finish_rom: util/tools/option_rom.h
$(BUILD)/tools/trust_table: HOST_TOOL += -Wno-stringop-overflow
$(BUILD)/tools/trust_table: net/tls/certificate.cc net/tls/der.cc net/tls/pem.cc util/base64.cc util/calendar.cc util/text.cc util/vector.cc net/address.cc $(wildcard net/tls/*.h)
$(BUILD)/tools/sanpiper_image: util/tools/image_file.cc drivers/selection.h drivers/chips.h embed/features.h
bin/sanpiper-image: $(BUILD)/tools/sanpiper_image ## shows what a built image is, and changes its script
	@mkdir -p bin
	@cp $< $@
$(BUILD)/tools/pack_image $(BUILD)/tools/packed_costs $(BUILD)/tools/sanpiper_image: $(PACKING_SOURCES) $(wildcard util/tools/*.h) util/lzma.h util/mixing.h util/mixing_model.h util/x86_branches.h util/addresses.h util/x86_parser.h util/x86_filter.h arch/stage/packed.h

# The tables alone, without the functions behind their rows: only names are read.
REFERENCE_SOURCES := $(wildcard util/tools/reference/*.cc)
$(BUILD)/tools/reference: $(REFERENCE_SOURCES) $(wildcard util/tools/reference/*.h embed/*.h drivers/*.h) scripts/command_table.cc \
		scripts/settings/type_table.cc scripts/settings/scope_table.cc scripts/settings/setting_table.cc scripts/images/format_table.cc net/fetch/schemes.cc scripts/san_schemes.cc $(wildcard scripts/*.h scripts/*/*.h)
	@mkdir -p $(@D)
	@echo "  HOST $@"
	@$(HOST_TOOL) -O0 -no-pie -Wl,--unresolved-symbols=ignore-all -o $@ $(REFERENCE_SOURCES)

# machine-test is a firmware that tests arch/ from inside (tests/qemu/machine).
WHAT_machine-test := 8086100e
MAIN_machine-test := $(FW)/tests/qemu/machine_test.o
# nic-test tries the driver of whichever NIC a machine has on QEMU's model of the chip (tests/qemu/nics).
WHAT_nic-test := sanpiper
MAIN_nic-test := $(FW)/tests/qemu/nic_test.o

# What differs between images lives in $(FW)/image/<what>+<features>/. The embedded script is copied only when it changed.
what_of = $(or $(WHAT_$(firstword $(subst +, ,$(1)))),$(firstword $(subst +, ,$(1))))
features_of = $(lastword $(subst +, ,$(1)))
.SECONDARY:
.PRECIOUS: $(FW)/image/%/embedded.script $(FW)/image/%/embedded.trust $(FW)/image/%/embedded.o $(FW)/image/%/compiled.o $(FW)/image/%/image.elf $(FW)/image/%/lzma/packed.bin $(FW)/image/%/mixing/packed.bin $(FW)/image/%/image.inc
.PHONY: force
VERSION := $(shell sed -n 's/.*kVersion = "\(.*\)";/\1/p' embed/embed.h)
$(FW)/image/%/embedded.script: force
	@mkdir -p $(@D)
	@cmp -s $(or $(EMBED),/dev/null) $@ || cp $(or $(EMBED),/dev/null) $@
# TRUST=ca.pem,other.pem: as DER, one after the other.
comma := ,
$(FW)/image/%/embedded.trust: force $(if $(TRUST),$(BUILD)/tools/trust_table)
	@mkdir -p $(@D)
	@$(if $(TRUST),$(if $(filter all https,$(subst --, ,$(call features_of,$*))),:,echo "TRUST= needs the feature https: bin/$(call what_of,$*)+http--https in a ROM or +all elsewhere" >&2; exit 1))
	@$(if $(TRUST),$(BUILD)/tools/trust_table $(subst $(comma), ,$(TRUST)),:) > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(FW)/image/%/embedded.o: $(FW)/image/%/embedded.script $(FW)/image/%/embedded.trust arch/embedded.asm embed/embed.h
	@nasm -f elf32 -I $(@D)/ -DLABEL='"$(VERSION) $*"' -o $@ arch/embedded.asm

FW_LINK = $(FW_CXX) $(FW_FLAGS) $(FW_PROTECTED) -nostdlib -static \
	-Wl,--emit-relocs,--gc-sections,--build-id=none,-z,norelro,-z,noexecstack,--no-warn-rwx-segments
# What is not compiled at link time. All else is, once, and linked again in another order.
FW_PLAIN_OBJECTS = $(FW)/arch/resident/nbp_block.o $(FW_RUNTIME) $(FW)/image/%/embedded.o
# Debian's library, with the C library's functions under names of their own: ours have another calling convention. Its texts are not among ours, which the packer
# puts into another order (util/tools/pack_image.cc): it refers to them from the global offset table, which the packer does not follow.
FW_LIBRARIES := $(FW)/libbearssl.a
$(FW)/libbearssl.a: /usr/lib/i386-linux-gnu/libbearssl.a arch/build.mk
	@mkdir -p $(@D)
	@objcopy $(foreach f,memcpy memmove memset memcmp strlen,--redefine-sym $(f)=library_$(f)) \
		--redefine-sym time=library_time --redefine-sym br_prng_seeder_system=library_prng_seeder_system \
		--rename-section .rodata.str1.1=.rodata.library_text,alloc,load,readonly,data,contents $< $@

$(BUILD)/tools/list_drivers: drivers/chips.h drivers/selection.h
$(FW)/image/%/image.inc: $(BUILD)/tools/list_drivers
	@mkdir -p $(@D)
	@$< $(call what_of,$*) > $@.tmp && mv $@.tmp $@

# table(source, where its objects are, define)
define table
$(2)/%/$(notdir $(1:.cc=.o)): $(1) arch/build.mk
	@mkdir -p $$(@D)
	@$$(FW_CXX) $$(FW_FLAGS) $$(FW_PROTECTED) $$(FW_LTO) -D$(3) -MMD -MP -c -o $$@ $(1)
endef
$(foreach f,$(FW_PER_IMAGE),$(eval $(call table,$(f),$(FW)/image,SANPIPER_DRIVERS='"$$(call what_of,$$*)"')))
$(foreach f,$(FW_PER_FEATURES),$(eval $(call table,$(f),$(FW)/features,SANPIPER_FEATURES='"$$*"')))
image_tables = $(patsubst %.cc,$(FW)/image/$(1)/%.o,$(notdir $(FW_PER_IMAGE))) \
	$(patsubst %.cc,$(FW)/features/$(call features_of,$(1))/%.o,$(notdir $(FW_PER_FEATURES)))

.SECONDEXPANSION:
# What is compiled at link time does not depend on the script that is built in, so another script needs no more than the second link.
$(FW)/image/%/compiled.o: $(FW_OBJECTS) $$(or $$(MAIN_$$(firstword $$(subst +, ,$$*))),$(FW)/arch/main.o) $(FW_RUNTIME) \
		$$(call image_tables,$$*) $(FW_LIBRARIES) arch/image.ld arch/embedded.asm embed/embed.h $(BUILD)/tools/order_image
	@echo "  LINK $(@D)/image.elf"
	@rm -rf $(@D)/unordered && mkdir -p $(@D)/unordered && : >$(@D)/unordered/embedded.script && : >$(@D)/unordered/embedded.trust
	@nasm -f elf32 -I $(@D)/unordered/ -DLABEL='"$(VERSION) $*"' -o $(@D)/unordered/embedded.o arch/embedded.asm
	@$(FW_LINK) -flto=2 -flto-partition=one -save-temps -Wl,-T,arch/image.ld -o $(@D)/unordered/image.elf $(filter %.o,$^) $(@D)/unordered/embedded.o $(FW_LIBRARIES)
	@$(BUILD)/tools/order_image arch/image.ld $(@D)/unordered/image.elf > $(@D)/image.ld
	@mv $(@D)/unordered/image.elf.ltrans0.ltrans.o $@
	@rm -rf $(@D)/unordered
$(FW)/image/%/image.elf: $(FW)/image/%/compiled.o $(FW_PLAIN_OBJECTS) $(FW_LIBRARIES) tests/rules/check_i486
	@$(FW_LINK) -Wl,-T,$(@D)/image.ld,-Map,$(@D)/image.map -o $@ $(filter %.o,$^) $(FW_LIBRARIES)
	@tests/rules/check_i486 $@ || { rm -f $@; exit 1; }
define packed
$(FW)/image/%/$(1)/packed.bin: $(FW)/image/%/image.elf $(FW)/stage-$(1).elf $(FW)/resident.bin $(OPENING_$(1)) $(BUILD)/tools/pack_image
	@mkdir -p $$(@D)
	@$(BUILD)/tools/pack_image $(1) $$< $(FW)/stage-$(1).elf $(FW)/resident.bin $$@ $(OPENING_$(1)) > $$(@D)/sizes
endef
$(foreach p,$(PACKERS),$(eval $(call packed,$(p))))

# Formats. The resident part's size in KiB is known only now. "sanpiper" has all drivers, and where a PXE stack is that
# is one more. A ROM has few features, as flash chips are small, and most if asked for all (embed/features.h). What PXE ROMs load has most, as HTTPS is a
# fifth of it and of no use without TRUST=; all else has all of them.
FEATURES_rom := san
FEATURES_isarom := san
FEATURES_pxe := most
FEATURES_kpxe := most
FEATURES_kkpxe := most
image_of = $(if $(filter pxe kpxe kkpxe,$(1)),$(patsubst sanpiper+%,sanpiper--undi+%,$(call with_features,$(1),$(2))),$(call with_features,$(1),$(2)))
with_features = $(if $(filter rom isarom,$(1)),$(patsubst %+all,%+most,$(2)),$(2))$(if $(findstring +,$(2)),,+$(or $(FEATURES_$(1)),all))
packed_with = $(FW)/image/$(call image_of,$(1),$(2))/$(3)/packed.bin
# What a format's packed image is packed with is remembered, so that another PACKER makes another image.
packed_of = $(call packed_with,$(1),$(2),$(call packer,$(1)))
# The tool that sets a format's checksums; none where there is nothing to set.
finish = $(patsubst util/tools/%.cc,$(BUILD)/tools/%,$(wildcard util/tools/finish_$(patsubst isarom,rom,$(1)).cc))
# A prefix is assembled next to the packed image it carries, in a folder named after the packer.
PREFIX_NASM = nasm -f bin -Wall -Werror -I arch/prefix/ -I $(FW)/ -I $(<D)/ -I $(<D)/../ -DUNPACK_MEMORY=Unpack.$(notdir $(<D)) \
	-DRESIDENT_KIB=$$((($$(stat -c %s $(FW)/resident.bin) + 1023) / 1024))
# format(format, what its name begins with, packer, a file that changes with the packer or nothing)
define format
$(2)%.$(1): $$$$(call packed_with,$(1),$$$$*,$(3)) $(4) $$(FW)/image/$$$$(call image_of,$(1),$$$$*)/image.inc \
		arch/prefix/$(1).asm $$(wildcard arch/prefix/*.inc) $(call finish,$(1))
	@mkdir -p $$(@D)
	@$$(PREFIX_NASM) -o $$@.tmp arch/prefix/$(1).asm
	@$(if $(call finish,$(1)),$(call finish,$(1)) $$@.tmp && )mv $$@.tmp $$@
	@$(if $(and $(4),$(filter rom,$(1))),cp $$(<D)/sizes $$(<D)/../sizes)
	@echo "  $$@ $$$$(stat -c %s $$@) bytes"
endef
define plain_format
$$(FW)/packer.$(1): force
	@echo $(call packer,$(1)) | cmp -s - $$@ || echo $(call packer,$(1)) > $$@
$(call format,$(1),bin/,$(call packer,$(1)),$$(FW)/packer.$(1))
endef
$(foreach f,$(filter-out iso,$(FW_FORMATS)),$(eval $(call plain_format,$(f))))
# The same packed with LZMA, for tests: in QEMU such an image is up a second sooner.
$(foreach f,$(PACKED_SMALL),$(eval $(call format,$(f),bin/quick/,lzma)))

# A CD is a file system around the boot file, and in front of it what a stick boots. The same files give the same bytes.
$(FW)/packer.iso: force
	@echo $(call packer,iso) | cmp -s - $@ || echo $(call packer,iso) > $@
bin/%.iso: $$(call packed_of,iso,$$*) $(FW)/packer.iso $(FW)/image/$$(call image_of,iso,$$*)/image.inc \
		arch/prefix/iso.asm arch/prefix/hd.asm $(wildcard arch/prefix/*.inc) $(BUILD)/tools/finish_iso
	@rm -rf $@.tree && mkdir -p $@.tree
	@$(PREFIX_NASM) -o $@.tree/sanpiper.bin arch/prefix/iso.asm
	@$(PREFIX_NASM) -DHYBRID -o $@.front arch/prefix/hd.asm
	@touch -d @$(CD_DATE) $@.tree/sanpiper.bin $@.tree
	@SOURCE_DATE_EPOCH=$(CD_DATE) xorriso -as mkisofs -quiet -o $@.tmp -V SANPIPER -r -b sanpiper.bin -c boot.cat \
		-no-emul-boot -boot-load-size 4 -boot-info-table $@.tree 2>$@.log || { cat $@.log; exit 1; }
	@$(BUILD)/tools/finish_iso $@.tmp $@.front && mv $@.tmp $@
	@rm -rf $@.tree $@.front $@.log
	@echo "  $@ $$(stat -c %s $@) bytes"
CD_DATE := 1767225600

# The same thing by another name; .krn is for file systems with names of 8.3 characters.
bin/%.krn: bin/%.lkrn
	@cp $< $@
bin/%.usb: bin/%.hd
	@cp $< $@

# The images whose sizes are recorded.
MEASURED := 8086100e.rom 808610d3.rom 1af41000.rom sanpiper.rom 8086100e+all.rom undionly.kpxe undionly+san.kpxe sanpiper.kpxe sanpiper.lkrn
.PHONY: list size
size: $(MEASURED:%=bin/%) ## what images cost, checked against tests/rules/size_budget.txt
	@tests/rules/check_sizes $(BUILD) $(MEASURED)
# For example bin/undionly+most.costs, with the features as they are named in $(FW)/image/.
bin/%.costs: $(FW)/image/%/mixing/packed.bin $(BUILD)/tools/packed_costs ## what each function, variable and text of an image adds to its packed size
	@mkdir -p bin
	@$(BUILD)/tools/packed_costs $(FW)/image/$*/image.elf $< | c++filt -p > $@
	@echo "  $@"
list: $(BUILD)/tools/list_drivers ## drivers, PCI ids and features that images can be made of
	@$<

# Boot sectors that tell tests what they find.
PROBES := $(patsubst tests/qemu/probes/%.asm,$(BUILD)/probes/%.img,$(wildcard tests/qemu/probes/*.asm))
.PHONY: probes
probes: $(PROBES)
$(BUILD)/probes/%.img: tests/qemu/probes/%.asm tests/qemu/com1.inc $(wildcard tests/qemu/probes/*.inc)
	@mkdir -p $(@D)
	@nasm -f bin -Wall -Werror -I tests/qemu/ -I tests/qemu/probes/ -o $@.tmp $<
	@truncate -s 1474560 $@.tmp && mv $@.tmp $@
