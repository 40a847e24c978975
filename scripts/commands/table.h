// The functions behind the command table (command_table.cc), one file a theme.
#pragma once

#include "scripts/command.h"

namespace scripts {

using CommandFunction = util::Result<void>(Invocation&);

// settings_commands.cc
CommandFunction run_set, run_clear, run_show, run_inc, run_isset, run_iseq;
CommandFunction run_read;
// parameter_commands.cc
CommandFunction run_params, run_param;
// diagnostic_commands.cc
CommandFunction run_ping, run_pciscan, run_sync, run_time;
// statistics_commands.cc
CommandFunction run_nstat, run_ipstat;
// word_commands.cc
CommandFunction run_calc, run_is, run_substr, run_match, run_replace, run_json;
// routine_commands.cc
CommandFunction run_for, run_next, run_call, run_return, run_include, run_trap;
// menu_commands.cc
CommandFunction run_menu, run_form, run_item, run_choose, run_present, run_login, run_colour, run_cpair;
// clock_command.cc
CommandFunction run_ntp;
// config_command.cc
CommandFunction run_config;
// console_command.cc
CommandFunction run_console;
// flow_commands.cc
// What "exit 1" says; 0 without. Failure: kNotNumber.
util::Result<std::uint64_t> exit_status(Invocation& call);
CommandFunction run_goto, run_exit, run_sleep, run_prompt, run_shell, run_echo, run_help;

// network_commands.cc
CommandFunction run_dhcp, run_ifopen, run_ifclose, run_iflinkwait, run_ifstat, run_route, run_nslookup;
// pxe_command.cc
CommandFunction run_pxebs;
// vlan_commands.cc
CommandFunction run_vcreate, run_vdestroy;
// image_commands.cc
CommandFunction run_kernel, run_chain, run_imgfetch, run_imgargs, run_imgextract, run_imgstat, run_imgstat_with_trust, run_imgfree, run_imgmem, run_imgset;
// certificate_commands.cc
CommandFunction run_certstat, run_certstore, run_certfree;
// trust_commands.cc
CommandFunction run_imgtrust, run_imgverify;
// digest_commands.cc
CommandFunction run_digest;
// san_commands.cc
CommandFunction run_sanhook, run_sanboot, run_sanunhook;
// machine_commands.cc
CommandFunction run_autoboot, run_cpuid, run_reboot, run_poweroff;

}  // namespace scripts
