module korvane.example/marlin/service

go 1.21
