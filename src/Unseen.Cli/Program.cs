return Unseen.Cli.CommandLine.Run(args, Unseen.Cli.StandardOutput.Open(), Console.Error);
