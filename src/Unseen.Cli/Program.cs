return Unseen.Cli.CommandLine.Run(args, Console.Out, Console.Error);
