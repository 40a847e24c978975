// Real iSCSI targets for tests: tgtd and istgt on loopback, each with its own port, control socket and backing files,
// started and ended by process id. Needs root for tgtd; tests skip when a program is missing.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace targets {

// A program in the background, ended (and waited for) by the destructor or stop().
class Process {
  public:
    ~Process() { stop(); }
    bool start(const std::vector<std::string>& arguments);
    void stop();
    bool running() const { return pid_ > 0; }

  private:
    pid_t pid_ = -1;
};

// Runs to the end; true when it exits with 0.
bool run(const std::vector<std::string>& arguments);
bool installed(const std::string& program);
// A port on loopback that nobody listens on now.
int free_port();
bool wait_for_port(int port);

// A directory of its own, removed with all that is in it.
class Scratch {
  public:
    Scratch();
    ~Scratch();
    std::string file(const std::string& name, std::size_t size) const;  // filled with position-dependent bytes
    std::string write(const std::string& name, const std::string& text) const;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};
std::byte pattern(std::size_t offset);

struct Credentials {
    std::string user, secret, reverse_user, reverse_secret;
};

// tgtd with one target: LUN 1 a disk of `size` bytes, LUN 2 a CD, LUN 3 a disk with 4096-byte blocks, LUN 4 read-only.
class Tgt {
  public:
    static constexpr const char* kTarget = "iqn.2020-01.test.sanpiper:tgt";
    explicit Tgt(std::size_t size = 8 << 20);
    // Another portal of the same disk: another tgtd on the same file.
    explicit Tgt(const std::string& disk) : Tgt(std::size_t{512}) { disk_ = disk; }
    bool start();
    void stop() { process_.stop(); }
    bool require_chap(const Credentials& credentials);
    int port() const { return port_; }
    std::string disk() const { return disk_; }
    // After the next start.
    std::vector<std::string> parameters;  // "HeaderDigest=CRC32C"
    Credentials credentials;

  private:
    bool admin(std::vector<std::string> arguments);
    bool add_lun(const std::string& lun, const std::string& file, const std::vector<std::string>& extra);
    Scratch scratch_;
    std::string disk_, cd_, large_;
    int port_, control_;
    Process process_;
};

// istgt with one target: LUN 0 a disk.
class Istgt {
  public:
    static constexpr const char* kTarget = "iqn.2020-01.test.sanpiper:istgt";
    explicit Istgt(std::size_t size = 8 << 20);
    bool start();
    void stop() { process_.stop(); }
    int port() const { return port_; }
    std::string disk() const { return disk_; }

  private:
    Scratch scratch_;
    std::string disk_;
    int port_;
    Process process_;
};

}  // namespace targets
