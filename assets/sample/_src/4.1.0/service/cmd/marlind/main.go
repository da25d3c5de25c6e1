// marlind scans files for clients on a Unix socket and keeps the signatures
// current.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"korvane.example/marlin/service/config"
	"korvane.example/marlin/service/daemon"
	"korvane.example/marlin/service/update"
	"korvane.example/marlin/service/worker"
)

// version is set by the build: -ldflags "-X main.version=…".
var version = "4.1.0"

func main() {
	file := flag.String("config", "/etc/marlin/marlind.ini", "configuration `file`")
	flag.Parse()
	logger := log.New(os.Stderr, "marlind: ", 0)
	if err := run(*file, logger); err != nil {
		logger.Fatal(err)
	}
}

func run(file string, logger *log.Logger) error {
	cfg, err := config.Load(file)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	pool := worker.NewPool(cfg.Engine, cfg.Signatures, cfg.Workers, cfg.Timeout)
	defer pool.Close()

	client, err := update.New(cfg.UpdateURL, cfg.Signatures, cfg.UpdateKey, version)
	if err != nil {
		return err
	}
	go updates(ctx, client, pool, cfg.UpdateEvery, logger)

	server := &daemon.Server{Version: version, Pool: pool, Log: logger}
	return server.Serve(ctx, cfg.Socket)
}

func updates(ctx context.Context, c *update.Client, pool *worker.Pool, every time.Duration, logger *log.Logger) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		switch err := c.Run(ctx); {
		case err == nil:
			logger.Print("new signatures installed")
			pool.Reload()
		case !errors.Is(err, update.ErrCurrent):
			logger.Printf("update: %v", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
