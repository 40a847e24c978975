#include "tests/targets/real_target.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace targets {

static pid_t spawn(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that aborts leaves nothing behind
    int null = ::open("/dev/null", O_RDWR);
    for (int fd : {0, 1, 2}) dup2(null, fd);
    execvp(argv[0], argv.data());
    _exit(127);
}

bool Process::start(const std::vector<std::string>& arguments) {
    stop();
    pid_ = spawn(arguments);
    return pid_ > 0;
}

void Process::stop() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);  // as a crash would: connections are reset
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

bool run(const std::vector<std::string>& arguments) {
    pid_t pid = spawn(arguments);
    int status = 0;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool installed(const std::string& program) {
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"})
        if (access((folder + program).c_str(), X_OK) == 0) return true;
    return false;
}

static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int free_port() {
    int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    bind(socket, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    close(socket);
    return ntohs(address.sin_port);
}

bool wait_for_port(int port) {
    for (int tries = 0; tries < 200; ++tries) {
        int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = loopback(port);
        bool there = connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        close(socket);
        if (there) return true;
        usleep(25'000);
    }
    return false;
}

Scratch::Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "sanpiper-target-XXXXXX";
    path_ = mkdtemp(name.data());
}
Scratch::~Scratch() { std::filesystem::remove_all(path_); }

std::byte pattern(std::size_t offset) {
    std::size_t sector = offset / 512;
    return static_cast<std::byte>(sector * 7 + sector / 256 * 31 + offset % 512);
}

std::string Scratch::file(const std::string& name, std::size_t size) const {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(pattern(i));
    return write(name, content);
}
std::string Scratch::write(const std::string& name, const std::string& text) const {
    std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    chmod(path.c_str(), 0600);  // istgt refuses secrets that others can read
    return path;
}

Tgt::Tgt(std::size_t size)
    : disk_(scratch_.file("disk", size)),
      cd_(scratch_.file("cd", 1 << 20)),
      large_(scratch_.file("large", 1 << 20)),
      port_(free_port()),
      control_(port_ % 30000 + 1000) {}  // tgtd takes at most 32767

bool Tgt::admin(std::vector<std::string> arguments) {
    std::vector<std::string> all{"tgtadm", "-C", std::to_string(control_), "--lld", "iscsi"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all);
}

bool Tgt::add_lun(const std::string& lun, const std::string& file, const std::vector<std::string>& extra) {
    std::vector<std::string> all{"--op", "new", "--mode", "logicalunit", "--tid", "1", "--lun", lun, "-b", file};
    all.insert(all.end(), extra.begin(), extra.end());
    return admin(all);
}

bool Tgt::start() {
    if (!process_.start({"tgtd", "-f", "-C", std::to_string(control_), "--iscsi",
                         "portal=127.0.0.1:" + std::to_string(port_)}))
        return false;
    for (int tries = 0; !admin({"--mode", "sys", "--op", "show"}); ++tries) {
        if (tries == 200) return false;
        usleep(25'000);
    }
    bool ok = admin({"--op", "new", "--mode", "target", "--tid", "1", "-T", kTarget});
    for (const std::string& parameter : parameters) {
        std::size_t at = parameter.find('=');
        ok &= admin({"--op", "update", "--mode", "target", "--tid", "1", "--name", parameter.substr(0, at), "--value",
                     parameter.substr(at + 1)});
    }
    ok &= add_lun("1", disk_, {});
    ok &= add_lun("2", cd_, {"--device-type", "cd"});
    ok &= add_lun("3", large_, {"--blocksize", "4096"});
    ok &= add_lun("4", disk_, {});
    ok &= admin({"--op", "update", "--mode", "logicalunit", "--tid", "1", "--lun", "4", "--params", "readonly=1"});
    if (!credentials.user.empty()) ok &= require_chap(credentials);
    return ok && admin({"--op", "bind", "--mode", "target", "--tid", "1", "-I", "ALL"}) && wait_for_port(port_);
}

bool Tgt::require_chap(const Credentials& chap) {
    bool ok = admin({"--op", "new", "--mode", "account", "--user", chap.user, "--password", chap.secret});
    ok &= admin({"--op", "bind", "--mode", "account", "--tid", "1", "--user", chap.user});
    if (chap.reverse_user.empty()) return ok;
    ok &= admin({"--op", "new", "--mode", "account", "--user", chap.reverse_user, "--password", chap.reverse_secret});
    return ok && admin({"--op", "bind", "--mode", "account", "--tid", "1", "--user", chap.reverse_user, "--outgoing"});
}

Istgt::Istgt(std::size_t size) : disk_(scratch_.file("disk", size)), port_(free_port()) {}

bool Istgt::start() {
    std::string auth = scratch_.write("auth.conf", "[AuthGroup1]\n  Auth \"user\" \"initiatorsecret\" \"target\" \"targetsecret0\"\n");
    std::string port = std::to_string(port_);
    std::string conf = scratch_.write(
        "istgt.conf",
        "[Global]\n  NodeBase \"iqn.2020-01.test.sanpiper\"\n  PidFile " + scratch_.path() + "/pid\n  AuthFile " + auth +
            "\n  MediaDirectory " + scratch_.path() +
            "\n  LogFacility \"local7\"\n  Timeout 30\n  NopInInterval 20\n  DiscoveryAuthMethod None\n"
            "  MaxSessions 16\n  MaxConnections 4\n  MaxR2T 32\n  MaxOutstandingR2T 16\n  DefaultTime2Wait 2\n"
            "  DefaultTime2Retain 60\n  FirstBurstLength 65536\n  MaxBurstLength 262144\n"
            "  MaxRecvDataSegmentLength 65536\n  InitialR2T Yes\n  ImmediateData Yes\n  DataPDUInOrder Yes\n"
            "  DataSequenceInOrder Yes\n  ErrorRecoveryLevel 0\n"
            "[UnitControl]\n  AuthMethod None\n  AuthGroup None\n  Portal UC1 127.0.0.1:" +
            std::to_string(free_port()) +
            "\n  Netmask 127.0.0.1\n"
            "[PortalGroup1]\n  Portal DA1 127.0.0.1:" + port +
            "\n[InitiatorGroup1]\n  InitiatorName \"ALL\"\n  Netmask 127.0.0.0/8\n"
            "[LogicalUnit1]\n  TargetName istgt\n  Mapping PortalGroup1 InitiatorGroup1\n  AuthMethod Auto\n"
            "  AuthGroup AuthGroup1\n  UseDigest Auto\n  UnitType Disk\n  LUN0 Storage " + disk_ + " Auto\n");
    if (!process_.start({"istgt", "-D", "-c", conf})) return false;
    return wait_for_port(port_);
}

}  // namespace targets
