<#
.SYNOPSIS
Sets qtemplate up on Windows: environment, workspace, scheduled tasks, a link on the desktop. Run it again to update.

.DESCRIPTION
Needs Python 3.11 or newer, and no administrator: everything is made for the account that runs it.
A folder of wheels (-Wheels, see docs/operate.md, "Without a network") installs without a network.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File setup.ps1 -Package qtemplate-0.1.0-py3-none-any.whl

.EXAMPLE
powershell -ExecutionPolicy Bypass -File setup.ps1 -Wheels .\wheels -Workspace D:\quality -Language zh
#>
param(
    [string]$Program = (Join-Path $env:LOCALAPPDATA 'qtemplate'),
    [string]$Workspace = 'C:\quality',
    [string]$Package = 'qtemplate',
    [string]$Wheels = '',
    [ValidateSet('', 'zh', 'en')][string]$Language = '',
    [string]$Nightly = '05:30',
    [switch]$NoTasks
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Invoke-Checked {
    param([string]$File, [string[]]$Arguments)
    & $File @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$File $($Arguments -join ' ') ended with $LASTEXITCODE" }
}

# -- Python ----------------------------------------------------------------------------------------------------------
$python = @('py', 'python') | Where-Object { Get-Command $_ -ErrorAction SilentlyContinue } | Select-Object -First 1
if (-not $python) { throw 'No Python found. Install Python 3.11 or newer from python.org, then run this again.' }
$version = & $python -c 'import sys; print(sys.version_info >= (3, 11))'
if ($version -ne 'True') { throw "This is an older Python: $(& $python --version). Install 3.11 or newer." }

# -- environment -----------------------------------------------------------------------------------------------------
if (-not (Test-Path (Join-Path $Program 'Scripts\python.exe'))) { Invoke-Checked $python @('-m', 'venv', $Program) }
$own = Join-Path $Program 'Scripts\python.exe'
$install = @('-m', 'pip', 'install', '--upgrade', '--disable-pip-version-check')
if ($Wheels) { $install += @('--no-index', '--find-links', (Resolve-Path $Wheels).Path) }
Invoke-Checked $own ($install + $Package)
$qtemplate = Join-Path $Program 'Scripts\qtemplate.exe'
Invoke-Checked $qtemplate @('--version')

# -- workspace -------------------------------------------------------------------------------------------------------
if (-not (Test-Path (Join-Path $Workspace 'qtemplate.toml'))) {
    $init = @('init', $Workspace)
    if ($Language) { $init += @('--lang', $Language) }
    Invoke-Checked $qtemplate $init
}

# -- tasks -----------------------------------------------------------------------------------------------------------
# A batch file a task: the exit code stays, and the log lies where people look.
$lines = @('@echo off', 'set PYTHONUTF8=1', 'cd /d "%~dp0"', 'if exist run.log for %%F in (run.log) do if %%~zF gtr 5000000 move /y run.log run.old.log >nul')
foreach ($task in @(@('nightly', 'run -q'), @('send', 'outbox send -q'))) {
    $body = $lines + @("`"$qtemplate`" $($task[1]) >> run.log 2>&1", 'exit /b %ERRORLEVEL%')
    Set-Content -Path (Join-Path $Workspace "$($task[0]).bat") -Value $body -Encoding Default
}
# The morning after: what `status` says goes into the log, and onto the screen where the night did not run, something waits, or it failed.
$body = $lines[0..2] + @(
    "`"$qtemplate`" status > status.txt 2>&1",
    'set code=%ERRORLEVEL%',
    'type status.txt >> run.log',
    'if %code% equ 0 exit /b 0',
    'if %code% equ 3 exit /b 3',
    'powershell -NoProfile -Command "$said = Get-Content status.txt -Raw -Encoding UTF8; [void](New-Object -ComObject WScript.Shell).Popup($said, 0, ''qtemplate'', 48)"',
    'exit /b %code%'
)
Set-Content -Path (Join-Path $Workspace 'status.bat') -Value $body -Encoding Default
if (-not $NoTasks) {
    $settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries `
        -MultipleInstances IgnoreNew -ExecutionTimeLimit (New-TimeSpan -Hours 2)
    $action = New-ScheduledTaskAction -Execute (Join-Path $Workspace 'nightly.bat') -WorkingDirectory $Workspace
    $trigger = New-ScheduledTaskTrigger -Daily -At $Nightly
    Register-ScheduledTask -TaskName 'qtemplate nightly' -Action $action -Trigger $trigger -Settings $settings -Force | Out-Null
    $action = New-ScheduledTaskAction -Execute (Join-Path $Workspace 'send.bat') -WorkingDirectory $Workspace
    $trigger = New-ScheduledTaskTrigger -Daily -At '08:00'
    $every = New-ScheduledTaskTrigger -Once -At '08:00' -RepetitionInterval (New-TimeSpan -Minutes 15) `
        -RepetitionDuration (New-TimeSpan -Hours 10 -Minutes 30)
    $trigger.Repetition = $every.Repetition
    Register-ScheduledTask -TaskName 'qtemplate mail' -Action $action -Trigger $trigger -Settings $settings -Force | Out-Null
    $action = New-ScheduledTaskAction -Execute (Join-Path $Workspace 'status.bat') -WorkingDirectory $Workspace
    $trigger = New-ScheduledTaskTrigger -Daily -At '08:05'
    Register-ScheduledTask -TaskName 'qtemplate status' -Action $action -Trigger $trigger -Settings $settings -Force | Out-Null
}

# -- a link on the desktop -------------------------------------------------------------------------------------------
$shell = New-Object -ComObject WScript.Shell
$link = $shell.CreateShortcut((Join-Path ([Environment]::GetFolderPath('Desktop')) 'Quality feedback.lnk'))
$link.TargetPath = Join-Path $Workspace 'register.xlsx'
$link.WorkingDirectory = $Workspace
$link.Save()

Write-Output "Program: $Program"
Write-Output "Workspace: $Workspace (fill in People and Products, then: `"$qtemplate`" check --config `"$(Join-Path $Workspace 'qtemplate.toml')`")"
Write-Output 'To remove it: unregister the three tasks, delete the program folder; the workspace is yours.'
