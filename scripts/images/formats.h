// The functions behind the format table (format_table.cc), one file a format.
#pragma once

#include "scripts/images/format.h"

namespace scripts {

// starting.cc
using StartFunction = util::Result<void>(System& system, Image& image, const ImageFormat& format);
StartFunction start_script, start_packed, start_program;

using ProbeFunction = bool(util::Bytes content);
using PlanFunction = util::Result<void>(const BootRequest& request, BootPlan& plan);

// bzimage.cc
ProbeFunction probe_bzimage;
PlanFunction plan_bzimage;
// multiboot1.cc, multiboot2.cc
ProbeFunction probe_multiboot1, probe_multiboot2;
PlanFunction plan_multiboot1, plan_multiboot2;
// elf.cc
ProbeFunction probe_elf;
PlanFunction plan_elf;
// boot_program.cc
ProbeFunction probe_boot_sector, probe_boot_program;
PlanFunction plan_boot_program;
// gzip.cc
ProbeFunction probe_gzip;
util::Result<Image*> extract_gzip(util::Loop& loop, ImageTable& images, Image& packed, std::string_view name, util::TextSink& detail);

}  // namespace scripts
